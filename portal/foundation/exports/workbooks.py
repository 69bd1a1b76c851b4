"""Sheets as Excel workbooks: widths, frozen head, filters, totals and a sheet of definitions."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from .sheets import Cell, Column, Sheet, Totals

ROWS_THAT_DECIDE = 200
NARROWEST, WIDEST = 10, 60
BOLD = Font(bold=True)
DATE, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
# Excel takes no longer name for a sheet, and none of these signs.
TITLE_LENGTH = 31
NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def write_workbook(sheet: Sheet, output: IO[bytes]) -> None:
    """Write `sheet` to `output` as XLSX, row by row."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_title(sheet.title))
    rows = iter(sheet.rows)
    first = list(islice(rows, ROWS_THAT_DECIDE))
    _set_widths(page, sheet.columns, first)
    page.freeze_panes = "B2"
    page.append([_head(page, column.heading) for column in sheet.columns])
    totals, count = Totals(sheet.columns), 0
    for row in chain(first, rows):
        count += 1
        totals.add(row)
        page.append(_cells(page, sheet.columns, row))
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{count + 1}"
    if sheet.has_totals:
        page.append(_cells(page, sheet.columns, totals.row(), bold=True))
    _write_notes(book, sheet.definitions())
    book.save(output)


def _title(text: str) -> str:
    return " ".join(text.translate(NOT_IN_TITLES).split())[:TITLE_LENGTH] or _("Rows")


def _set_widths(page: WriteOnlyWorksheet, columns: Sequence[Column], rows: Sequence) -> None:
    for place, column in enumerate(columns):
        longest = max([len(column.heading) + 3, *(len(_shown(row[place])) + 2 for row in rows)])
        letter = get_column_letter(place + 1)
        # The stubs do not know that it has them.
        dimensions = page.column_dimensions  # type: ignore[attr-defined]
        dimensions[letter].width = min(max(longest, NARROWEST), WIDEST)


def _shown(value: Cell) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _head(page: WriteOnlyWorksheet, text: str) -> ExcelCell:
    head = WriteOnlyCell(page, _clean(text))
    head.font = BOLD
    return head


def _cells(
    page: WriteOnlyWorksheet, columns: Sequence[Column], row: Sequence[Cell], *, bold: bool = False
) -> Iterable[ExcelCell]:
    for column, value in zip(columns, row, strict=True):
        content: Any = _clean(value) if isinstance(value, str) else value
        made = WriteOnlyCell(page, content)
        if isinstance(value, str):
            # What somebody has typed is never a formula.
            made.data_type = "s"
        elif value is not None:
            made.number_format = _number_format(column, value)
        if bold:
            made.font = BOLD
        yield made


def _number_format(column: Column, value: Cell) -> str:
    if isinstance(value, datetime):
        return MOMENT
    if isinstance(value, date):
        return DATE
    if column.is_plain:
        return "0"
    decimals = 0
    if isinstance(value, Decimal):
        # Infinity and "not a number" have a letter in place of an exponent.
        exponent = value.normalize().as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) else 0
    elif isinstance(value, float) and not value.is_integer():
        decimals = 2
    return "#,##0" + ("." + "0" * min(decimals, 6) if decimals > 0 else "")


def _clean(text: str) -> str:
    """Without the characters that XML, and so Excel, cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub(" ", text)


def _write_notes(book: Workbook, notes: Sequence[Sequence[str]]) -> None:
    if not notes:
        return
    page = book.create_sheet(_("Definitions"))
    for letter, width in zip("ABCD", (36, 60, 80, 40), strict=True):
        page.column_dimensions[letter].width = width
    for note in notes:
        cells = []
        for text in note:
            made = WriteOnlyCell(page, _clean(str(text)))
            made.data_type = "s"
            made.alignment = Alignment(wrap_text=True, vertical="top")
            cells.append(made)
        page.append(cells)
