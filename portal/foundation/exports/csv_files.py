"""Sheets as CSV in one of two dialects: that of Swedish Excel, and that of everything else."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language

from .sheets import Cell, Sheet, Totals, harmless

# By this Excel knows that å, ä and ö are UTF-8.
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Dialect:
    separator: str
    decimal_sign: str


SEMICOLON = Dialect(";", ",")
COMMA = Dialect(",", ".")


def own_dialect() -> Dialect:
    """The dialect of spreadsheet programs in the reader's language."""
    return SEMICOLON if (get_language() or "").startswith("sv") else COMMA


def other_dialect() -> Dialect:
    return COMMA if own_dialect() == SEMICOLON else SEMICOLON


class _Line:
    """A file that hands back each line instead of keeping it."""

    def write(self, text: str) -> bytes:
        return text.encode()


def stream_csv(sheet: Sheet, dialect: Dialect) -> Iterator[bytes]:
    """Yield the file line by line: headings, rows, totals and, after an empty line, the notes."""
    writer = csv.writer(_Line(), delimiter=dialect.separator)
    totals = Totals(sheet.columns)
    yield BYTE_ORDER_MARK.encode()
    yield writer.writerow([column.heading for column in sheet.columns])
    for row in sheet.rows:
        totals.add(row)
        yield writer.writerow([_text(value, dialect) for value in row])
    if sheet.has_totals:
        yield writer.writerow([_text(value, dialect) for value in totals.row()])
    notes = sheet.definitions()
    if notes:
        yield writer.writerow([])
    for note in notes:
        yield writer.writerow([harmless(text) for text in note])


def _text(value: Cell, dialect: Dialect) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return f"{value:%Y-%m-%d}"
        case float() | Decimal():
            return f"{Decimal(str(value)):f}".replace(".", dialect.decimal_sign)
        case int():
            return str(value)
        case _:
            return harmless(value)
