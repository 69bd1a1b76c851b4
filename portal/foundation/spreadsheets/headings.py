"""Finds the row of headings in a table, and what each column is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.table import Row, cell_name
from portal.foundation.spreadsheets.values import as_text
from portal.foundation.text import one_line
from portal.foundation.text_types import StrOrPromise

# A title, a date or an address may stand above the headings.
ROWS_LOOKED_AT = 20
NOT_USED = ""


@dataclass(frozen=True)
class ColumnSet:
    """The columns that a table of some kind may have.

    `labels` is {name: heading in the reader's language}, `known` {heading: name} of everything
    that people are known to write, `required` the names without which a row says nothing. With
    `several`, a column may be there under several headings: the first of `known` counts.
    """

    labels: Mapping[str, StrOrPromise]
    known: Mapping[str, str]
    required: tuple[str, ...]
    several: bool = False

    @classmethod
    def named(
        cls,
        labels: Mapping[str, StrOrPromise],
        *,
        also_known: Mapping[str, Iterable[str]],
        required: tuple[str, ...],
    ) -> "ColumnSet":
        """The set whose columns are known by their headings in every language of the site.

        `also_known` is {name: what else people write, in lower case}.
        """
        known = {text: name for name, texts in also_known.items() for text in texts}
        for language, _name in settings.LANGUAGES:
            with override(language):
                known |= {str(label): name for name, label in labels.items()}
        return cls(labels=labels, known=known, required=required)

    def names_by_key(self) -> dict[str, str]:
        return {heading_key(text): name for text, name in self.known.items()}


@dataclass(frozen=True)
class Heading:
    """Where the columns of a table are. `written` is {name: the heading in the file}."""

    row: int
    places: dict[str, int]
    written: dict[str, str]
    unused: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    all_written: list[str] = field(default_factory=list)


def heading_key(text: str) -> str:
    """What headings are compared by: case, line breaks and a star for “required” do not matter."""
    return one_line(text).rstrip(" *:").casefold()


def find_heading(
    rows: Iterable[Row], columns: ColumnSet, chosen: Mapping[str, str]
) -> tuple[Heading, Iterator[Row]]:
    """Return the heading and the rows below it.

    `chosen` is {heading key: column name, or "" for one that is not used}, as somebody has chosen
    for this organisation; it goes before what is known. Raises `SpreadsheetError` when there is
    no row that could be a heading.
    """
    known = {**columns.names_by_key(), **chosen}
    rows = iter(rows)
    head: list[Row] = []
    for row in rows:
        head.append(row)
        if len(head) == ROWS_LOOKED_AT or _found(row, known, columns) == len(columns.required):
            break
    if not head:
        raise SpreadsheetError([_("The file is empty.")])
    best = max(head, key=lambda row: (_score(row, known, columns), -row.number))
    if not any(_score(best, known, columns)):
        best = next((row for row in head if _texts(row) > 1), head[0])
    if columns.several:
        known = _one_heading_each(best, known)
    below = [row for row in head if row.number > best.number]
    return _heading(best, known, columns), chain(below, rows)


def _score(row: Row, known: Mapping[str, str], columns: ColumnSet) -> tuple[int, int]:
    names = {known.get(heading_key(as_text(cell))) for cell in row.cells if isinstance(cell, str)}
    names -= {None, NOT_USED}
    found = len(names & set(columns.required)), len(names)
    return found if any(found) else (0, 0)


def _found(row: Row, known: Mapping[str, str], columns: ColumnSet) -> int:
    return _score(row, known, columns)[0]


def _one_heading_each(row: Row, known: Mapping[str, str]) -> dict[str, str]:
    """`known` of what is in the row, each name by its first heading only."""
    there = {heading_key(as_text(cell)) for cell in row.cells}
    first: dict[str, str] = {}
    for heading, name in known.items():
        if heading in there:
            first.setdefault(name, heading)
    return {heading: name for name, heading in first.items()}


def _texts(row: Row) -> int:
    return sum(isinstance(cell, str) and cell != "" for cell in row.cells)


def _heading(row: Row, known: Mapping[str, str], columns: ColumnSet) -> Heading:
    places: dict[str, int] = {}
    written: dict[str, str] = {}
    unused, twice, everything = [], [], []
    for place, cell in enumerate(row.cells):
        text = one_line(as_text(cell))
        if not text:
            continue
        everything.append(text)
        name = known.get(heading_key(text), NOT_USED)
        if not name:
            unused.append(text)
        elif name in places:
            cells = {
                "one": cell_name(row.number, places[name]),
                "two": cell_name(row.number, place),
            }
            twice.append(
                _("“%(column)s” is there twice, in %(one)s and %(two)s. Remove one of them.")
                % {"column": text, **cells}
            )
        else:
            places[name], written[name] = place, text
    if twice:
        raise SpreadsheetError(twice)
    missing = [name for name in columns.required if name not in places]
    return Heading(row.number, places, written, unused, missing, everything)
