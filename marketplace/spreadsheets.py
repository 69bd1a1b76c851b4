"""Reads rows out of the CSV and XLSX files that people send, a row at a time."""

import csv
import io
import zipfile
from itertools import chain, islice

from django.utils.translation import gettext as _
from openpyxl import load_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SpreadsheetError(Exception):
    """Nothing was read. `problems` says why, one sentence each."""

    def __init__(self, problems):
        super().__init__(" ".join(problems))
        self.problems = problems


def read_rows(file, *, most_rows, most_bytes, columns):
    """Yield (row number, list of `columns` texts) of each row, the heading included.

    Empty rows are left out, but counted. `file` is open for reading bytes. Reads as it goes, so
    that memory does not grow with the file. Raises `SpreadsheetError`, also midway.
    """
    if _size(file) > most_bytes:
        raise SpreadsheetError(
            [
                _("The file is larger than %(size)d MB. Remove what is not needed.")
                % {"size": most_bytes // 1024**2}
            ]
        )
    file.seek(0)
    if file.read(2) == b"PK":
        # A spreadsheet is a zip file: a small one can hide an enormous one.
        rows = _xlsx(file, columns=columns, most_bytes=most_bytes * 20)
    else:
        rows = _csv(file)
    for number, cells in enumerate(rows, start=1):
        if number > most_rows + 1:
            raise SpreadsheetError(
                [_("The file has more than %(most)d rows.") % {"most": most_rows}]
            )
        texts = [_text(cell) for cell in islice(chain(cells, [None] * columns), columns)]
        if any(texts):
            yield number, texts


def cell_problem(number, column, what):
    """The sentence that names a cell: “Row 17, column “Quantity”: write a number.”"""
    return _("Row %(row)d, column “%(column)s”: %(what)s.") % {
        "row": number,
        "column": column,
        "what": what,
    }


def _size(file):
    file.seek(0, io.SEEK_END)
    return file.tell()


def _text(cell):
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        return cell.isoformat()[:10]
    return str(cell).strip()


def _xlsx(file, *, columns, most_bytes):
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > most_bytes:
                raise SpreadsheetError([_("The file is too large to be read.")])
        book = load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        yield from sheet.iter_rows(values_only=True, max_col=columns)
    except SpreadsheetError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file happens to cause
        raise SpreadsheetError([_("The file could not be read as a spreadsheet.")]) from error


def _csv(file):
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=_encoding(file), errors="replace", newline="")
    try:
        first = text.readline()
        delimiter = max(";\t,", key=first.count)
        for cells in csv.reader(chain([first], text), delimiter=delimiter):
            if any("\0" in cell for cell in cells):
                raise SpreadsheetError([_("The file could not be read as a spreadsheet.")])
            yield cells
    except csv.Error as error:
        raise SpreadsheetError([_("The file could not be read as a spreadsheet.")]) from error
    finally:
        # The file is its owner's to close.
        text.detach()


def _encoding(file):
    """UTF-8 if all of it is, or else what Swedish Excel writes."""
    try:
        with io.TextIOWrapper(io.BytesIO(file.read()), encoding="utf-8-sig") as whole:
            for _line in whole:
                pass
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"
