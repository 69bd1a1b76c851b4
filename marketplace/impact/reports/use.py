"""Reports on how the portal is used, purchases of new material, and ratings."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.impact import figures
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.figure import Figure
from marketplace.impact.figures.formatting import figure_number
from marketplace.impact.figures.purchases import TERMS
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.ratings.models import Rating
from marketplace.impact.reports.base import FigureReport, LazyRows, Row
from marketplace.impact.reports.parameters import PeriodFilters
from marketplace.organisations.models import Organisation

KEYS = [
    "active_users",
    "active_users_company",
    "active_users_service",
    "returning_users",
    "returning_users_company",
    "returning_users_service",
    "listings",
    "taken_percent",
    "taken_days",
    "requests",
    "answered_percent",
    "response_hours",
    "other_collaborations",
    "recalls",
    "ideas_sent",
    "ideas_answered",
    "ideas_taken_further",
    "rating",
    "ratings",
]


class UseReport(FigureReport):
    """Figures of use per municipality, including those that other apps register."""

    page_title = gettext_lazy("How the portal is used")
    index_url_name = "figure_reports:use"
    index_results_url_name = "figure_reports:use_results"
    export_filename = "anvandning"
    filterset_class = PeriodFilters

    @cached_property
    def shown_keys(self) -> list[str]:
        return KEYS + [figure.key for figure in figures.added_figures()]

    def rows(self) -> list[Row]:
        asked: dict[str, Any] = {"period": self.chosen.period, "municipalities": self.chosen.keys}
        use, in_all = figures.use_of_each_and_all(**asked)
        registered = figures.computed(**asked)
        rows = [
            Row(each.name, use[each.pk] | registered.get(each.pk, {}), pk=each.pk)
            for each in self.chosen.municipalities
        ]
        if len(rows) > 1:
            added = figures.computed_together(
                period=self.chosen.period, municipalities=self.chosen.places
            )
            rows.append(Row(_("All together"), in_all | added, is_total=True))
        return rows


class PurchaseReportReport(FigureReport):
    """Purchases of new material compared with brokered material, per term."""

    page_title = gettext_lazy("Bought new and brokered")
    index_url_name = "figure_reports:purchases"
    index_results_url_name = "figure_reports:purchases_results"
    export_filename = "inkop"
    filterset_class = PeriodFilters
    key_words = [("term", gettext_lazy("Term"))]
    keys = ["bought_kg", "bought_sek", "mass_kg", "reports"]
    about = gettext_lazy("Every school term that the period touches, the newest first.")

    def rows(self) -> list[Row]:
        names = {each.pk: each.name for each in self.chosen.municipalities}
        period = self.chosen.period
        rows = []
        for year in reversed(period.years):
            for term in (PurchaseReport.Term.AUTUMN, PurchaseReport.Term.SPRING):
                days = TERMS[term](year)
                if days.start > period.end or days.end < period.start:
                    continue
                found = figures.bought_and_brokered(
                    year=year, term=term, municipalities=self.chosen.keys
                )
                rows += [
                    Row(names[pk], found[pk], {"term": str(days)}, pk=pk)
                    for pk in names
                    if pk in found
                ]
        return rows


class RatingReport(FigureReport):
    """Answers to “how did it go?” with comments, but without names."""

    page_title = gettext_lazy("How handovers went")
    index_url_name = "figure_reports:ratings"
    index_results_url_name = "figure_reports:ratings_results"
    export_filename = "betyg"
    filterset_class = PeriodFilters
    name_label = gettext_lazy("Day")
    key_words = [
        ("municipality", gettext_lazy("Municipality")),
        ("side", gettext_lazy("Side")),
        ("answer", gettext_lazy("How did it go?")),
        ("text", gettext_lazy("What could be better?")),
    ]

    def rows(self) -> LazyRows:
        start, before = self.chosen.period.moments
        given = Rating.objects.filter(
            created_at__gte=start, created_at__lt=before, municipality__in=self.chosen.keys
        )
        scores, sides = dict(Rating.Score.choices), dict(Organisation.Type.choices)

        def row(rating: tuple[datetime, str, str, int, str]) -> Row:
            moment, municipality, side, score, text = rating
            return Row(
                f"{timezone.localtime(moment):%Y-%m-%d}",
                {},
                {
                    "municipality": municipality,
                    "side": sides[side],
                    "answer": f"{score} – {scores[score]}",
                    "text": text,
                },
            )

        values = ("created_at", "municipality__name", "organisation__type", "score", "text")
        return LazyRows(given.order_by("-created_at", "-pk").values_list(*values), row)

    @property
    def about(self) -> str:
        found = figures.ratings(period=self.chosen.period, municipalities=self.chosen.keys)
        if not found["ratings"]:
            return ""
        return _("%(count)d answers, %(mean)s of 5 on average.") % {
            "count": found["ratings"],
            "mean": figure_number(found["rating"], "rating"),
        }

    @property
    def definitions(self) -> list[Figure]:
        return [FIGURES["rating"]]
