"""How the running cost is shared, as the basis for invoices."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.models import Site
from wagtail.permission_policies import ModelPermissionPolicy

from marketplace.impact.costs.models import CostSharing
from marketplace.impact.figures.costs import cost_shares
from marketplace.impact.figures.formatting import figure_number
from marketplace.impact.reports.base import FigureReport, Row
from marketplace.impact.reports.parameters import LazyChoiceFilter
from marketplace.municipalities.models import Municipality
from portal.foundation.text_types import StrOrPromise


class YearFilters(WagtailFilterSet):
    ar = LazyChoiceFilter(
        label=gettext_lazy("Year"),
        choices_for=lambda request: [
            (str(year), str(year)) for year in CostSharing.objects.values_list("year", flat=True)
        ],
        method="noop_filter",
        empty_label=gettext_lazy("The latest"),
        widget=forms.Select,
    )

    class Meta:
        model = CostSharing
        fields: list[str] = []

    def noop_filter(
        self, queryset: QuerySet[CostSharing], name: str, value: Any
    ) -> QuerySet[CostSharing]:
        return queryset


class CostReport(FigureReport):
    """The share of each municipality in a year, to the öre."""

    page_title = gettext_lazy("Cost shares")
    index_url_name = "figure_reports:costs"
    index_results_url_name = "figure_reports:costs_results"
    export_filename = "kostnadsandelar"
    permission_policy = ModelPermissionPolicy(CostSharing)
    any_permission_required = ["view", "change"]
    filterset_class = YearFilters
    key_words = [("code", gettext_lazy("Code"))]
    keys = ["population", "mass_kg", "cost_fixed_sek", "cost_rest_sek", "cost_sek"]

    @cached_property
    def sharing(self) -> CostSharing | None:
        data = self.filters.form.cleaned_data if self.filters and self.filters.is_valid() else {}
        found = CostSharing.objects.all()
        return found.filter(year=data["ar"]).first() if data.get("ar") else found.first()

    @property
    def about(self) -> str:
        if self.sharing is None:
            return _(
                "Nobody has entered yet what the portal costs. That is done under Settings, Cost "
                "sharing: a row for each year."
            )
        return ""

    def get_page_subtitle(self) -> str:
        return str(self.sharing or "")

    def get_filename(self) -> str:
        return f"{self.export_filename}-{self.sharing}"

    def rows(self) -> list[Row]:
        if self.sharing is None:
            return []
        site = Site.find_for_request(self.request)
        shares = cost_shares(self.sharing, list(Municipality.objects.for_site(site)))
        rows = [
            Row(
                share.municipality.name,
                {
                    "population": share.population,
                    "mass_kg": share.mass_kg,
                    "cost_fixed_sek": share.fixed_sek,
                    "cost_rest_sek": share.rest_sek,
                    "cost_sek": share.cost_sek,
                },
                {"code": share.municipality.code},
            )
            for share in shares
        ]
        if not rows:
            return rows
        total = {key: sum(row.values[key] for row in rows) for key in self.keys}
        return [*rows, Row(_("All together"), total, is_total=True)]

    def described(self) -> list[tuple[StrOrPromise, StrOrPromise]]:
        if self.sharing is None:
            return []
        revision = self.sharing.latest_revision
        lines: list[tuple[StrOrPromise, StrOrPromise]] = [
            (_("Year"), str(self.sharing.year)),
            (_("Running cost"), in_sek(self.sharing.cost_sek)),
            (_("Of which fixed, shared equally"), in_sek(self.sharing.fixed_sek)),
            (_("The rest is divided"), self.sharing.get_basis_display()),
        ]
        if self.sharing.note:
            lines.append((_("Note"), self.sharing.note))
        if revision:
            lines.append((_("Settings of"), f"{localdate(revision.created_at)}, {revision.user}"))
        return lines


def in_sek(amount: Decimal) -> str:
    """Format an amount to the öre."""
    return f"{figure_number(amount, 'cost_sek')} SEK"
