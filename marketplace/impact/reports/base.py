"""What all reports of figures have in common: rows, columns, definitions, exports."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from marketplace.exchange.handovers.models import Handover
from marketplace.impact import figures
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.formatting import figure
from marketplace.impact.reports.parameters import FigureFilters, ReportParameters
from portal.foundation.exports.sheets import Column as ExportColumn
from portal.foundation.exports.views import ExportMixin
from portal.foundation.text_types import StrOrPromise


@dataclass
class Row:
    """One line of a report: its name, other words, and its figures."""

    name: str
    values: dict
    words: dict = field(default_factory=dict)
    is_total: bool = False
    pk: int | None = None


class LazyRows:
    """Rows of a queryset that are made when they are asked for: those of one page, or all."""

    def __init__(self, queryset, make):
        self.queryset = queryset
        self.make = make

    def __len__(self):
        return self.queryset.count()

    def __getitem__(self, part):
        return [self.make(each) for each in self.queryset[part]]

    def __iter__(self):
        return map(self.make, self.queryset)


class WordColumn(Column):
    def get_value(self, instance):
        return instance.words.get(self.name, "")


class FigureColumn(Column):
    """A figure as people read it, with a dash where there is none."""

    def __init__(self, key, **kwargs):
        super().__init__(key, label=FIGURES[key].name, classname="portal-number", **kwargs)

    def get_value(self, instance):
        value = instance.values.get(self.name)
        return "–" if value is None else figure(value, self.name)


class NameColumn(Column):
    cell_template_name = "marketplace/organisations/admin/name_cell.html"

    def get_value(self, instance):
        return instance.name


class FigureReport(ExportMixin, ReportView):
    """A table of figures. Subclasses say which `keys` and make the `rows`.

    `key_words` are [(key, label)] of further columns with words after the name.
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
    def chosen(self):
        data = self.filters.form.cleaned_data if self.filters and self.filters.is_valid() else {}
        return ReportParameters(self.request, data)

    @property
    def about(self) -> StrOrPromise:
        """What the reader should know about the figures, in a sentence or two."""
        return ""

    def rows(self):
        raise NotImplementedError

    def get_queryset(self):
        return self.rows()

    def filter_queryset(self, queryset):
        return queryset

    def get_page_subtitle(self):
        return str(self.chosen.period)

    def described(self):
        """[(what, chosen)] in words, for the head of the report and its export."""
        return self.chosen.described()

    @cached_property
    def shown_keys(self):
        return list(self.keys)

    @cached_property
    def columns(self):
        return [
            NameColumn("name", label=self.name_label),
            *(WordColumn(key, label=label) for key, label in self.key_words),
            *(FigureColumn(key) for key in self.shown_keys),
        ]

    @property
    def definitions(self):
        return [FIGURES[key] for key in self.shown_keys]

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        context["described"] = self.described()
        context["definitions"] = self.definitions
        context["about"] = self.about
        return context

    # --- Exports ------------------------------------------------------------------------------

    @cached_property
    def list_export(self):
        return ["name", *(key for key, _label in self.key_words), *self.shown_keys]

    @cached_property
    def export_headings(self):
        units = {
            key: f"{FIGURES[key].name} ({FIGURES[key].unit})"
            if FIGURES[key].unit
            else str(FIGURES[key].name)
            for key in self.shown_keys
        }
        return {"name": self.name_label, **dict(self.key_words), **units}

    def get_filename(self):
        return f"{self.export_filename}-{self.chosen.period.start}-{self.chosen.period.end}"

    def to_row_dict(self, item):
        return {
            "name": item.name,
            **{key: item.words.get(key, "") for key, _label in self.key_words},
            **{key: item.values.get(key) for key in self.shown_keys},
        }

    def export_columns(self, queryset):
        return [ExportColumn(key, str(self.get_heading(queryset, key))) for key in self.list_export]

    def export_notes(self):
        """What a reader of the file must know: what was asked for, and what each figure means."""
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

    def export_title(self):
        return _("Figures")
