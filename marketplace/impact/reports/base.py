"""The base of the figure reports: rows, columns, definitions and exports."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from marketplace.exchange.handovers.models import Handover
from marketplace.impact import figures
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.figure import Figure, Values
from marketplace.impact.figures.formatting import figure
from marketplace.impact.reports.parameters import FigureFilters, ReportParameters
from portal.foundation.exports.sheets import Column as ExportColumn
from portal.foundation.exports.views import ExportMixin
from portal.foundation.text_types import StrOrPromise

Source = TypeVar("Source")


@dataclass
class Row:
    """A row of a report: its name, further text columns, and its figures."""

    name: str
    values: Values
    words: dict[str, StrOrPromise | int] = field(default_factory=dict)
    is_total: bool = False
    pk: int | None = None


class LazyRows(Generic[Source]):
    """Make rows from a queryset lazily, so that a page only loads its own."""

    def __init__(self, queryset: QuerySet[Model, Source], make: Callable[[Source], Row]) -> None:
        self.queryset = queryset
        self.make = make

    def __len__(self) -> int:
        return self.queryset.count()

    def __getitem__(self, part: slice) -> list[Row]:
        return [self.make(each) for each in self.queryset[part]]

    def __iter__(self) -> Iterator[Row]:
        return map(self.make, self.queryset)


class WordColumn(Column):
    def get_value(self, instance: Row) -> StrOrPromise | int:
        return instance.words.get(self.name, "")


class FigureColumn(Column):
    """A formatted figure, or a dash where there is no value."""

    def __init__(self, key: str, **kwargs: Any) -> None:
        super().__init__(key, label=FIGURES[key].name, classname="portal-number", **kwargs)

    def get_value(self, instance: Row) -> str:
        value = instance.values.get(self.name)
        return "–" if value is None else figure(value, self.name)


class NameColumn(Column):
    cell_template_name = "marketplace/organisations/admin/name_cell.html"

    def get_value(self, instance: Row) -> str:
        return instance.name


class FigureReport(ExportMixin, ReportView):
    """A table of figures. Subclasses set `keys` and implement `rows`.

    `key_words` are [(key, label)] of text columns to show after the name.
    """

    results_template_name = "marketplace/impact/admin/report_results.html"
    permission_policy = ModelPermissionPolicy(Handover)
    any_permission_required = ["view"]
    filterset_class = FigureFilters
    header_icon = "history"
    is_searchable = False
    paginate_by = 100
    keys: Sequence[str] = []
    name_label = gettext_lazy("Municipality")
    key_words: Sequence[tuple[str, StrOrPromise]] = []
    with_total = True
    export_csv_notes = True

    @cached_property
    def chosen(self) -> ReportParameters:
        data = self.filters.form.cleaned_data if self.filters and self.filters.is_valid() else {}
        return ReportParameters(self.request, data)

    @property
    def about(self) -> StrOrPromise:
        """A sentence or two on how to read the figures."""
        return ""

    def rows(self) -> list[Row] | LazyRows:
        raise NotImplementedError

    def get_queryset(self) -> list[Row] | LazyRows:
        return self.rows()

    def filter_queryset(self, queryset: list[Row] | LazyRows) -> list[Row] | LazyRows:
        return queryset

    def get_page_subtitle(self) -> str:
        return str(self.chosen.period)

    def described(self) -> list[tuple[StrOrPromise, StrOrPromise]]:
        """Return [(filter, choice)] in words, for the heading of the report and its export."""
        return self.chosen.described()

    @cached_property
    def shown_keys(self) -> list[str]:
        return list(self.keys)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            NameColumn("name", label=self.name_label),
            *(WordColumn(key, label=label) for key, label in self.key_words),
            *(FigureColumn(key) for key in self.shown_keys),
        ]

    @property
    def definitions(self) -> list[Figure]:
        return [FIGURES[key] for key in self.shown_keys]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        context["described"] = self.described()
        context["definitions"] = self.definitions
        context["about"] = self.about
        return context

    # --- Exports ------------------------------------------------------------------------------

    @cached_property
    def list_export(self) -> list[str]:
        return ["name", *(key for key, _label in self.key_words), *self.shown_keys]

    @cached_property
    def export_headings(self) -> dict[str, StrOrPromise]:
        units = {
            key: f"{FIGURES[key].name} ({FIGURES[key].unit})"
            if FIGURES[key].unit
            else str(FIGURES[key].name)
            for key in self.shown_keys
        }
        return {"name": self.name_label, **dict(self.key_words), **units}

    def get_filename(self) -> str:
        return f"{self.export_filename}-{self.chosen.period.start}-{self.chosen.period.end}"

    def to_row_dict(self, item: Row) -> dict[str, Any]:
        return {
            "name": item.name,
            **{key: item.words.get(key, "") for key, _label in self.key_words},
            **{key: item.values.get(key) for key in self.shown_keys},
        }

    def export_columns(self, queryset: Iterable[Row]) -> list[ExportColumn]:
        return [ExportColumn(key, str(self.get_heading(queryset, key))) for key in self.list_export]

    def export_notes(self) -> list[list[str]]:
        """Explain the file to its reader: the filters used, and what each figure means."""
        notes = [[_("Report"), f"{self.get_page_title()}"]]
        notes += [[str(what), str(chosen)] for what, chosen in self.described()]
        if "co2e_net_kg" in self.shown_keys:
            notes += [[_("Method of the climate effect"), figures.METHOD_VERSION]]
        if self.definitions:
            notes += [[], [_("Figure"), _("Unit"), _("Definition"), _("Source")]]
        return notes + [
            [str(each.name), str(each.unit), str(each.definition), str(each.source)]
            for each in self.definitions
        ]

    def export_title(self) -> str:
        return _("Figures")
