"""The dashboard of figures: a coordinator's municipality, or all for the steering group."""

from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies import ModelPermissionPolicy

from marketplace.exchange.handovers.models import Handover
from marketplace.impact import figures
from marketplace.impact.effect.views import (
    category_rows,
    computed,
    month_chart,
    month_rows,
    municipality_rows,
)
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.forms import Span
from marketplace.impact.figures.reach import term_of, with_reach
from marketplace.impact.reports.menu import reports_for
from marketplace.impact.reports.parameters import PeriodFilters, ReportParameters, span_for
from portal.foundation.text_types import StrOrPromise

LARGE = ["mass_kg", "co2e_net_kg", "purchase_avoided_sek", "handovers"]
SMALL = [
    "co2e_kg",
    "co2e_net_low_kg",
    "co2e_net_high_kg",
    "transport_co2e_kg",
    "collaborations",
    "new_collaborations",
    "lasting_collaborations",
    "other_collaborations",
    "active_users_company",
    "active_users_service",
    "returning_users",
    "taken_percent",
    "response_hours",
    "ideas_sent",
    "rating",
]


class FiguresDashboard(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_policy = ModelPermissionPolicy(Handover)
    any_permission_required = ["view"]
    template_name = "marketplace/impact/admin/figures_dashboard.html"
    page_title = _("Effect")
    header_icon = "globe"

    @cached_property
    def chosen(self) -> ReportParameters:
        filters = PeriodFilters(self.request.GET, request=self.request)
        return ReportParameters(
            self.request, filters.form.cleaned_data if filters.is_valid() else {}
        )

    def get_page_subtitle(self) -> StrOrPromise:
        if self.chosen.is_all:
            return _("All municipalities")
        return ", ".join(each.name for each in self.chosen.municipalities)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        chosen = self.chosen
        period = chosen.period
        term = term_of(timezone.localdate())
        sums = computed(period, chosen.municipalities)
        use = figures.use_in_all(period=period, municipalities=chosen.keys)
        added = figures.computed_together(period=period, municipalities=chosen.places)
        values = sums["totals"] | use | added
        small = [FIGURES[key] for key in SMALL] + figures.added_figures()
        context.update(
            {
                "filters": PeriodFilters(self.request.GET or None, request=self.request),
                "period": period,
                "chosen": chosen,
                "large": [(FIGURES[key], values[key]) for key in LARGE],
                "small": [(each, values[each.key]) for each in small],
                "municipalities": with_reach(
                    municipality_rows(chosen.municipalities, sums["municipalities"], period), term
                ),
                "term": term,
                "months": month_rows(sums["months"]),
                "chart": month_chart(sums["months"]),
                "categories": category_rows(sums["categories"]),
                "totals": sums["totals"],
                "reports": reports_for(self.request.user),
                "years": report_years(span_for(self.request)),
                "method": figures.METHOD_VERSION,
            }
        )
        return context


def report_years(span: Span) -> range:
    """Return the years that have a yearly report, newest first: since the first handover."""
    first, _last = span
    return range(timezone.localdate().year, first.year - 1, -1)
