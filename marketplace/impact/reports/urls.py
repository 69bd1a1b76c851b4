"""URLs of the figures below `/admin/effekt/`."""

from django.urls import path

from marketplace.impact.reports.costs import CostReport
from marketplace.impact.reports.dashboard import FiguresDashboard
from marketplace.impact.reports.ledger import (
    CategoryReport,
    MonthReport,
    MunicipalityReport,
    OrganisationReport,
)
from marketplace.impact.reports.revaluations import log, recompute, revert
from marketplace.impact.reports.use import PurchaseReportReport, RatingReport, UseReport
from marketplace.impact.reports.yearly import report

app_name = "figure_reports"

REPORTS = {
    "municipalities": ("kommuner", MunicipalityReport),
    "months": ("manader", MonthReport),
    "categories": ("material", CategoryReport),
    "organisations": ("organisationer", OrganisationReport),
    "use": ("anvandning", UseReport),
    "purchases": ("inkop", PurchaseReportReport),
    "ratings": ("betyg", RatingReport),
    "costs": ("kostnader", CostReport),
}

urlpatterns = [
    path("", FiguresDashboard.as_view(), name="dashboard"),
    path("omrakningar/", log, name="revaluations"),
    path("omrakningar/ny/", recompute, name="recompute"),
    path("omrakningar/<int:pk>/aterstall/", revert, name="revert"),
    path("arsrapport/<str:code>/<int:year>.pdf", report, name="yearly"),
]
for name, (slug, view) in REPORTS.items():
    urlpatterns += [
        path(f"{slug}/", view.as_view(), name=name),
        # What Wagtail's filters fetch to renew the table alone.
        path(f"{slug}/tabell/", view.as_view(results_only=True), name=f"{name}_results"),
    ]
