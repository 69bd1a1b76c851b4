"""Rows of an uploaded XLSX or CSV file, one at a time, with limits on what it unfolds to."""

import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.foundation.spreadsheets.delimited import read_delimited
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, Options, Row, too_large
from portal.foundation.spreadsheets.xlsx import read_xlsx

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK"


def read_table(
    content: bytes, *, limits: Limits, options: Options | None = None, every_sheet: bool = False
) -> Iterator[Row]:
    """Yield the rows of the first visible sheet that has any, or of all. Empty rows are left out.

    Raises `SpreadsheetError`, also midway, and `EncodingUnclear` before the first row.
    """
    if len(content) > limits.bytes:
        raise too_large(limits)
    if not content.strip():
        raise SpreadsheetError([_("The file is empty.")])
    count = 0
    for row in _rows(content, limits, options or Options(), every_sheet):
        if all(cell == "" for cell in row.cells):
            continue
        count += 1
        if count > limits.rows + 1:
            raise SpreadsheetError(
                [_("The file has more than %(most)d rows.") % {"most": limits.rows}]
            )
        yield row


def _rows(content: bytes, limits: Limits, options: Options, every_sheet: bool) -> Iterator[Row]:
    if content.startswith(ZIP):
        return read_xlsx(io.BytesIO(content), limits, every_sheet=every_sheet)
    if content.startswith(OLD_EXCEL):
        raise SpreadsheetError(
            [
                _(
                    "This is an older or password-protected Excel file. Save it as “Excel "
                    "workbook (.xlsx)” without a password, and send that."
                )
            ]
        )
    return read_delimited(content, limits, options)
