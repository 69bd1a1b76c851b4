"""What an exported file consists of, and its values as its reader knows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Choices, Model
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.foundation.text_cleaning.cleaning import clean_text

# What a spreadsheet takes for a formula when it opens a CSV file; the last four are = + - @ in the
# width of East Asian letters.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
Cell = str | int | float | Decimal | date | datetime | None


@dataclass(frozen=True)
class Column:
    """A column of a sheet. `definition` says what it holds; `is_summed` that a total makes sense.

    `is_plain` numbers are names of something (a number, a year): written without thousands.
    """

    key: str
    heading: str
    definition: str = ""
    is_summed: bool = False
    is_plain: bool = False


@dataclass
class Sheet:
    """Rows under headings. `notes` are rows of text that explain them, on a sheet of their own."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    notes: Sequence[Sequence[str]] = field(default_factory=list)

    def definitions(self) -> list[list[str]]:
        """The notes, and what each column holds."""
        lines = [list(map(str, note)) for note in self.notes]
        defined = [column for column in self.columns if column.definition]
        if defined:
            lines += [[], [_("Column"), _("Definition")]]
            lines += [[column.heading, column.definition] for column in defined]
        return lines

    def bare(self) -> "Sheet":
        """The same rows and headings alone."""
        columns = [replace(each, definition="", is_summed=False) for each in self.columns]
        return Sheet(self.title, columns, self.rows)

    @property
    def has_totals(self) -> bool:
        return any(column.is_summed for column in self.columns)


class Totals:
    """Adds up what goes by in the columns that have a total."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.sums: dict[int, Decimal | int] = {
            place: 0 for place, column in enumerate(columns) if column.is_summed
        }
        self.width = len(columns)

    def add(self, row: Sequence[Cell]) -> None:
        for place in self.sums:
            value = row[place]
            if isinstance(value, int | Decimal):
                self.sums[place] += value
            elif isinstance(value, float):
                self.sums[place] += Decimal(str(value))

    def row(self) -> list[Cell]:
        cells: list[Cell] = [self.sums.get(place) for place in range(self.width)]
        if 0 not in self.sums:
            cells[0] = _("Total")
        return cells


def harmless(text: str) -> str:
    """Return `text` escaped so that a spreadsheet never takes it for a formula."""
    return f"'{text}" if len(text) > 1 and text.startswith(FORMULA_SIGNS) else text


def cell(value: Any) -> Cell:
    """Return `value` as a reader knows it: words in the active language, times of the clock here.

    Numbers and dates stay what they are, so that they can be counted with.
    """
    match value:
        case None | "":
            return None
        case bool():
            return _("Yes") if value else _("No")
        case Choices():
            return str(value.label)
        case datetime():
            return timezone.make_naive(value) if timezone.is_aware(value) else value
        case int() | float() | Decimal() | date():
            return value
        case SafeString():
            return clean_text(strip_tags(value)).strip() or None
        case FieldFile():
            return value.name
        case str() | Promise() | Model():
            return clean_text(str(value))
        case _ if isinstance(value, Iterable):
            return clean_text(", ".join(str(each) for each in value))
        case _:
            return clean_text(str(value))


def field_value(item: Any, path: str) -> Any:
    """Return what the dotted `path` leads to from `item`, choices by their label.

    None when there is nothing on the way. Callables are called.
    """
    *before, last = path.split(".")
    for name in before:
        item = _get(item, name)
        if item is None:
            return None
    display = getattr(item, f"get_{last}_display", None) if isinstance(item, Model) else None
    return display() if display else _get(item, last)


def _get(item: Any, name: str) -> Any:
    try:
        value = item[name] if isinstance(item, dict) else getattr(item, name)
    except (AttributeError, KeyError):
        return None
    except Exception as error:
        # A one-to-one relation that is not there.
        if type(error).__name__ == "RelatedObjectDoesNotExist":
            return None
        raise
    return value() if callable(value) and not isinstance(value, Model) else value


def field_of(model: type[Model] | None, path: str) -> Any:
    """Return the model field that the dotted `path` leads to, or None."""
    found = None
    for name in path.split("."):
        if model is None:
            return None
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = found.related_model
    return found


def definition_of(model: type[Model] | None, path: str) -> str:
    """Return the help text of the field that `path` leads to."""
    return capfirst(str(getattr(field_of(model, path), "help_text", "") or ""))
