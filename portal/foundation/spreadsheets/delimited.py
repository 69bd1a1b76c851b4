"""Rows of CSV and other text files, whatever separates their cells and in whatever encoding."""

import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.foundation.spreadsheets.encodings import recognise_encoding
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, Options, Row, cell_name
from portal.foundation.spreadsheets.values import text_value

SEPARATORS = ";\t,|"
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
LINES_THAT_DECIDE = 20
NOT_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"<!DOC", b"<html", b"<?xml")


def read_delimited(content: bytes, limits: Limits, options: Options) -> Iterator[Row]:
    """Yield the rows of a text file. Raises `SpreadsheetError` and `EncodingUnclear`."""
    text = _decoded(content, options)
    separator, text = _separator(text)
    read = 0
    # Some programs quote a cell of many thousand letters; the limit on a cell is ours to check.
    csv.field_size_limit(max(csv.field_size_limit(), limits.bytes))
    try:
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1
        ):
            read += len(cells)
            if read > limits.cells:
                raise SpreadsheetError(
                    [_("The file has more than %(most)d cells.") % {"most": limits.cells}]
                )
            while cells and not cells[-1].strip():
                cells.pop()
            if len(cells) > limits.columns:
                raise _too_wide(number, limits)
            yield Row(number, [text_value(cell, longest=limits.cell_length) for cell in cells])
    except csv.Error as error:
        raise unreadable() from error


def unreadable() -> SpreadsheetError:
    return SpreadsheetError(
        [
            _(
                "The file could not be read as a spreadsheet. Save it as “Excel workbook (.xlsx)” "
                "or CSV and send that."
            )
        ]
    )


def _too_wide(number: int, limits: Limits) -> SpreadsheetError:
    return SpreadsheetError(
        [
            _("Cell %(cell)s is to the right of the %(most)d columns that can be read.")
            % {"cell": cell_name(number, limits.columns), "most": limits.columns}
        ]
    )


def _decoded(content: bytes, options: Options) -> str:
    if content.lstrip()[:5].startswith(NOT_TEXT):
        raise unreadable()
    encoding = options.encoding or recognise_encoding(content)
    text = content.decode(encoding, "replace").removeprefix("\ufeff")
    if "\0" in text:
        raise unreadable()
    return text


def _separator(text: str) -> tuple[str, str]:
    """The separator and the text without the line that names it, which Excel does not show."""
    if named := SEPARATOR_LINE.match(text):
        return named[1], text[named.end() :]
    lines = text.splitlines()[:LINES_THAT_DECIDE]
    # The separator is in most lines: a comma may be a decimal sign, a title above the table
    # has none.
    best = max(SEPARATORS, key=lambda sign: sum(line.count(sign) > 0 for line in lines))
    counts = {sign: sum(line.count(sign) > 0 for line in lines) for sign in SEPARATORS}
    tied = [sign for sign in SEPARATORS if counts[sign] == counts[best]]
    return max(tied, key=lambda sign: sum(line.count(sign) for line in lines)), text
