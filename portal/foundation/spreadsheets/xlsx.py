"""Rows of XLSX files, streamed: nothing is kept that a table within the limits does not need.

openpyxl trusts `<dimension>`, builds a whole row before it cuts it, keeps all shared strings and
does not know the namespace of strict Open XML. Reading the few elements that a table consists of
avoids all four; number formats and dates are still openpyxl's to interpret.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from openpyxl.utils.escape import unescape

from portal.foundation.spreadsheets.delimited import unreadable
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, Row, cell_name
from portal.foundation.spreadsheets.values import (
    BadCell,
    Value,
    moment_value,
    number_value,
    text_value,
)

WORKBOOK = "xl/workbook.xml"
ENCRYPTED = "EncryptedPackage"
# What the format knows. Others may ask for gigabytes before the first row.
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass
class Book:
    """What the cells of all sheets refer to."""

    limits: Limits
    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    epoch: datetime = CALENDAR_WINDOWS_1900
    cells_seen: int = 0

    def count_cell(self) -> None:
        self.cells_seen += 1
        if self.cells_seen > self.limits.cells:
            raise SpreadsheetError(
                [
                    _(
                        "The sheet has more than %(most)d cells, empty ones with formatting "
                        "included. Copy the rows that you want to send to a new workbook."
                    )
                    % {"most": self.limits.cells}
                ]
            )


def read_xlsx(file: IO[bytes], limits: Limits, *, every_sheet: bool = False) -> Iterator[Row]:
    """Yield the rows of the first visible sheet that is not empty, or of all of them."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if any(entry.compress_type not in PACKINGS for entry in entries):
                raise unreadable()
            if sum(entry.file_size for entry in entries) > limits.unfolded_bytes:
                raise SpreadsheetError([_("The file is too large to be read.")])  # noqa: TRY301
            yield from _read(archive, limits, every_sheet)
    except SpreadsheetError:
        raise
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        ParseError,
        DefusedXmlException,
        # A cell may refer to a text or a style that is not there.
        LookupError,
        ValueError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,  # an encrypted member
        OverflowError,
    ) as error:
        raise unreadable() from error


def _read(archive: zipfile.ZipFile, limits: Limits, every_sheet: bool) -> Iterator[Row]:
    book = Book(limits)
    sheets = _visible_sheets(archive, book)
    names = set(archive.namelist())
    if "xl/sharedStrings.xml" in names:
        with archive.open("xl/sharedStrings.xml") as part:
            book.strings = _shared_strings(part, limits)
    if "xl/styles.xml" in names:
        with archive.open("xl/styles.xml") as part:
            book.formats = _number_formats(part)
    for place, sheet in enumerate(sheets):
        found = False
        with archive.open(sheet) as part:
            for row in _sheet_rows(part, book):
                if any(cell != "" for cell in row.cells):
                    found = True
                    yield replace(row, sheet=place) if place else row
        if found and not every_sheet:
            return


def _local(element: Element) -> str:
    """The name of an element without its namespace: strict and transitional files differ in it."""
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    """An attribute by its local name."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def _elements(part: IO[bytes], *wanted: str) -> Iterator[Element]:
    for _event, element in iterparse(part, events=("end",), forbid_dtd=True):
        if _local(element) in wanted:
            yield element


def _visible_sheets(archive: zipfile.ZipFile, book: Book) -> list[str]:
    """The parts of the visible worksheets, in the order of their tabs."""
    targets = {}
    with archive.open("xl/_rels/workbook.xml.rels") as part:
        for element in _elements(part, "Relationship"):
            if element.get("Type", "").endswith("/worksheet"):
                targets[element.get("Id")] = element.get("Target", "")
    sheets = []
    with archive.open(WORKBOOK) as part:
        for element in _elements(part, "workbookPr", "sheet"):
            if _local(element) == "workbookPr":
                if element.get("date1904") in ("1", "true"):
                    book.epoch = CALENDAR_MAC_1904
            elif element.get("state", "visible") == "visible":
                # An attribute r:id, beside sheetId.
                key = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                if key in targets:
                    sheets.append(posixpath.normpath(posixpath.join("/xl", targets[key]))[1:])
    if not sheets:
        raise SpreadsheetError([_("The workbook has no visible sheet.")])
    return sheets


def _shared_strings(part: IO[bytes], limits: Limits) -> list[str]:
    strings: list[str] = []
    length = 0
    root = None
    for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
        if root is None:
            root = element
        if event == "end" and _local(element) == "si":
            strings.append(_rich_text(element))
            length += len(strings[-1])
            root.clear()
            if len(strings) > limits.strings or length > limits.unfolded_bytes // 4:
                raise SpreadsheetError([_("The workbook holds too much text to be read.")])
    return strings


def _rich_text(element: Element) -> str:
    """The text of a cell in pieces, without the phonetic guide."""
    pieces = []
    for child in element:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) == "r":
            pieces += [t.text or "" for t in child if _local(t) == "t"]
    return unescape("".join(pieces))


def _number_formats(part: IO[bytes]) -> list[str]:
    """The number format of each cell style, by its number."""
    own: dict[str, str] = {}
    formats: list[str] = []
    for element in _elements(part, "numFmt", "cellXfs"):
        if _local(element) == "numFmt":
            own[element.get("numFmtId", "")] = element.get("formatCode", "")
        else:
            for style in element:
                key = style.get("numFmtId", "0")
                formats.append(own.get(key) or BUILTIN_FORMATS.get(int(key), "General"))
    return formats


def _sheet_rows(part: IO[bytes], book: Book) -> Iterator[Row]:
    """The rows of a sheet by the numbers that they carry, whatever its dimension claims."""
    cells: dict[int, Any] = {}
    number, row, data = 0, None, None
    next_place = 0
    for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
        name = _local(element)
        if event == "start":
            if name == "row":
                row, cells, next_place = element, {}, 0
                number = int(element.get("r") or number + 1)
            elif name == "sheetData":
                data = element
        elif name == "c" and row is not None:
            book.count_cell()
            place = _place(element.get("r", ""), next_place)
            next_place = place + 1
            value = _value(element, book)
            if value != "":
                cells[place] = _within(value, number, place, book.limits)
            row.clear()
        elif name == "row":
            yield Row(number, [cells.get(place, "") for place in range(max(cells, default=-1) + 1)])
            row = None
            if data is not None:
                data.clear()


def _within(value: Value, number: int, place: int, limits: Limits) -> Value:
    if place >= limits.columns:
        raise SpreadsheetError(
            [
                _("Cell %(cell)s is to the right of the %(most)d columns that can be read.")
                % {"cell": cell_name(number, place), "most": limits.columns}
            ]
        )
    return value


def _place(reference: str, following: int) -> int:
    """The column of C17 is 2; a cell without a reference follows the one before it."""
    letters = reference.rstrip("0123456789")
    if not letters:
        return following
    place = 0
    for letter in letters[:3]:
        place = place * 26 + ord(letter.upper()) - ord("A") + 1
    return place - 1


def _value(cell: Element, book: Book) -> Value:
    kind = cell.get("t", "n")
    parts: dict[str, Any] = {_local(child): child for child in cell}
    longest = book.limits.cell_length
    if kind == "inlineStr":
        return text_value(_rich_text(parts["is"]), longest=longest) if "is" in parts else ""
    raw = (parts["v"].text or "") if "v" in parts else ""
    if raw == "":
        return BadCell("formula", _formula(parts["f"])) if "f" in parts and kind != "str" else ""
    match kind:
        case "s":
            return text_value(book.strings[int(raw)], longest=longest)
        case "str":
            return text_value(unescape(raw), longest=longest)
        case "b":
            return raw in ("1", "true")
        case "e":
            return BadCell("error", raw[:40])
        case "d":
            return moment_value(datetime.fromisoformat(raw.rstrip("Z")))
        case _:
            return _number(raw, cell.get("s", ""), book)


def _formula(element: Element) -> str:
    return f"={(element.text or '')[:39]}"


def _number(raw: str, style: str, book: Book) -> Value:
    index = int(style or 0)
    shown_as = book.formats[index] if 0 <= index < len(book.formats) else "General"
    number = number_value(raw)
    if isinstance(number, BadCell):
        return number
    if is_date_format(shown_as):
        try:
            return moment_value(from_excel(number, book.epoch))
        except (ValueError, OverflowError, TypeError):
            return BadCell("error", "########")
    if isinstance(number, int) and number >= 0 and shown_as.strip("0") == "" and shown_as:
        # A code such as 00123, shown with its leading zeros.
        return str(number).zfill(len(shown_as))
    return number
