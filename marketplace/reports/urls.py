"""Addresses of the figures below `/admin/effekt/`."""

from django.urls import path

from . import costs, dashboard, ledger, revaluations, use, yearly

app_name = "figure_reports"

REPORTS = {
    "municipalities": ("kommuner", ledger.MunicipalityReport),
    "months": ("manader", ledger.MonthReport),
    "categories": ("material", ledger.CategoryReport),
    "organisations": ("organisationer", ledger.OrganisationReport),
    "use": ("anvandning", use.UseReport),
    "purchases": ("inkop", use.PurchaseReportReport),
    "ratings": ("betyg", use.RatingReport),
    "costs": ("kostnader", costs.CostReport),
}

urlpatterns = [
    path("", dashboard.FiguresDashboard.as_view(), name="dashboard"),
    path("omrakningar/", revaluations.log, name="revaluations"),
    path("omrakningar/ny/", revaluations.recompute, name="recompute"),
    path("omrakningar/<int:pk>/aterstall/", revaluations.revert, name="revert"),
    path("arsrapport/<str:code>/<int:year>.pdf", yearly.report, name="yearly"),
]
for name, (slug, view) in REPORTS.items():
    urlpatterns += [
        path(f"{slug}/", view.as_view(), name=name),
        # What Wagtail's filters fetch to renew the table alone.
        path(f"{slug}/tabell/", view.as_view(results_only=True), name=f"{name}_results"),
    ]
