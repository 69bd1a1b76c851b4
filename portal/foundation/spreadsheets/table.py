"""What the readers of all formats share: rows, limits and the names of cells."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.values import Value


@dataclass(frozen=True)
class Limits:
    """What a file may hold. Bytes are of the upload; a packed file may unfold to 20 times that."""

    bytes: int
    rows: int
    columns: int = 100
    cells: int = 400_000
    strings: int = 200_000
    cell_length: int = 32_767

    @property
    def unfolded_bytes(self) -> int:
        return self.bytes * 20


@dataclass(frozen=True)
class Options:
    """What a person has answered about a file: the encoding of its letters, if it was unclear."""

    encoding: str = ""


@dataclass(frozen=True)
class Row:
    """A row that is not empty. `number` is the one that a spreadsheet program shows.

    `sheet` counts the visible sheets of the workbook, from 0.
    """

    number: int
    cells: list[Value] = field(default_factory=list)
    sheet: int = 0

    def __getitem__(self, place: int) -> Value:
        return self.cells[place] if place < len(self.cells) else ""


def too_large(limits: Limits) -> SpreadsheetError:
    size = limits.bytes // 1024**2
    return SpreadsheetError(
        [_("The file is larger than %(size)d MB. Remove what is not needed.") % {"size": size}]
    )


def cell_name(row: int, place: int) -> str:
    """The name of a cell on the screen: row 17, place 2 is C17."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
