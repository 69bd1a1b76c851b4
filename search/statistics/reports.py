"""The report of what people search for, what they do not find, and how far down they look."""

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy

from marketplace.impact.figures.periods import Period
from marketplace.impact.reports.base import FigureColumn, FigureReport, NameColumn, Row
from marketplace.impact.reports.parameters import LazyChoiceFilter, PeriodFilters, ReportParameters
from portal.foundation.menus import PermittedMenuItem
from portal.foundation.text_types import StrOrPromise
from portal.foundation.users.models import User
from search.statistics.counting import OFTEN
from search.statistics.figures import FIGURES, finished, in_days, totals
from search.statistics.models import SearchCount

KEYS = [figure.key for figure in FIGURES]
FRUITLESS = "utan"


def can_see_searches(user: User | AnonymousUser) -> bool:
    """Read what is searched for: editors, communicators, coordinators and the steering group."""
    return user.is_active and user.has_perm("search.view_searchcount")


def month_choices(request: HttpRequest | None = None) -> list[tuple[str, str]]:
    """[("2026-03", "March 2026")] from this month back to the first with a search."""
    today = timezone.localdate()
    first = SearchCount.objects.aggregate(first=Min("day"))["first"] or today
    months = Period(min(first, today), today).months
    return [(f"{each:%Y-%m}", date_format(each, "F Y").capitalize()) for each in reversed(months)]


class SearchFilters(PeriodFilters):
    manad = LazyChoiceFilter(
        label=gettext_lazy("Month"),
        choices_for=month_choices,
        method="noop_filter",
        empty_label=gettext_lazy("The whole period"),
        widget=forms.Select,
    )
    visa = django_filters.ChoiceFilter(
        label=gettext_lazy("Show"),
        choices=[(FRUITLESS, gettext_lazy("Only what was not found"))],
        method="noop_filter",
        empty_label=gettext_lazy("All searches"),
        widget=forms.RadioSelect,
    )


class MonthParameters(ReportParameters):
    """What the filters say; a month, if one is chosen, goes before the period."""

    @cached_property
    def period(self) -> Period:
        month = self.data.get("manad")
        if not month:
            return super().period
        year, number = month.split("-")
        return Period.month(int(year), int(number))


class WordsColumn(NameColumn):
    """The words of a question, which lead to what it finds today."""

    cell_template_name = "search/statistics/admin/words_cell.html"


class ActionColumn(Column):
    """What an editor can do about a question that found nothing."""

    cell_template_name = "search/statistics/admin/action_cell.html"

    def get_value(self, instance: Row) -> list[tuple[str, str, str]]:
        text = str(instance.words.get("asked", ""))
        if not text or not instance.values["searches_without_result"]:
            return []
        return [
            (label, f"{reverse(view)}?{urlencode({name: value})}", text)
            for label, view, name, value in (
                (_("Make a synonym"), "wagtailsnippets_search_synonym:add", "rule", f"{text}, "),
                (_("Make a promoted result"), "recommend_for_search", "q", text),
                (_("Ask the companies"), "wagtailsnippets_marketplace_wantedad:add", "sokt", text),
            )
        ]


class SearchReport(FigureReport):
    """A row for each question that has been asked often enough to tell nothing about anybody."""

    page_title = gettext_lazy("Searches")
    index_url_name = "search_report"
    index_results_url_name = "search_report_results"
    export_filename = "sokningar"
    header_icon = "search"
    permission_policy = ModelPermissionPolicy(SearchCount)
    filterset_class = SearchFilters
    name_label = gettext_lazy("Words searched for")
    keys = KEYS

    @cached_property
    def chosen(self) -> MonthParameters:
        data = self.filters.form.cleaned_data if self.filters and self.filters.is_valid() else {}
        return MonthParameters(self.request, data)

    @property
    def only_fruitless(self) -> bool:
        return self.chosen.data.get("visa") == FRUITLESS

    @property
    def default_ordering(self) -> str:
        return "-searches_without_result" if self.only_fruitless else "-searches"

    @cached_property
    def columns(self) -> list[Column]:
        columns = [
            WordsColumn("name", label=self.name_label, sort_key="name"),
            *(FigureColumn(key, sort_key=key) for key in KEYS),
        ]
        if self.request.user.has_perm("search.add_synonym"):
            columns.append(ActionColumn("actions", label=_("What to do")))
        return columns

    @property
    def about(self) -> str:
        return _(
            "Words are shown if they have been searched for at least %(count)d times "
            "in all. Rarer searches, and any that might identify a person, are "
            "counted without their words."
        ) % {"count": OFTEN}

    @cached_property
    def counts(self) -> QuerySet:
        """The days' counts that are asked for, of the municipalities that the reader may see."""
        found = in_days(self.chosen.period)
        if self.chosen.is_all:
            return found
        return found.filter(municipality__in=[each.slug for each in self.chosen.municipalities])

    def rows(self) -> list[Row]:
        often = SearchCount.objects.asked_often(OFTEN).values("text")
        groups = self.counts.filter(text__in=often).values("text").annotate(**totals())
        total = self.counts.aggregate(**totals())
        total = {name: value or 0 for name, value in total.items()}
        rest = dict(total)
        rows = []
        for each in groups:
            rows.append(row(each["text"], each, asked=each["text"]))
            for name in rest:
                rest[name] -= each[name]
        if rest["sum_searches"]:
            rows.append(row(_("Other words, searched for by few"), rest))
        if self.only_fruitless:
            rows = [each for each in rows if each.values["searches_without_result"]]
        rows = self.in_order(rows)
        if len(rows) > 1 and not self.only_fruitless:
            rows.append(row(_("All together"), total, is_total=True))
        return rows

    def in_order(self, rows: list[Row]) -> list[Row]:
        """Sorted as asked for; what has no value last, and the words that nobody may see."""
        key = self.ordering.removeprefix("-")
        rows.sort(key=lambda each: each.name)

        def value(each: Row) -> Any:
            return each.name if key == "name" else each.values[key]

        known = [each for each in rows if each.words and value(each) is not None]
        known.sort(key=value, reverse=self.ordering.startswith("-"))
        return known + [each for each in rows if each not in known]

    def described(self) -> list[tuple[StrOrPromise, StrOrPromise]]:
        lines = super().described()
        if self.only_fruitless:
            lines.append((_("Show"), _("Only what was not found")))
        return lines


def row(name: str, sums: dict[str, int], *, asked: str = "", is_total: bool = False) -> Row:
    """A row with the figures of `sums`; `asked` are the words, where they may be shown."""
    values = finished({key.removeprefix("sum_"): value for key, value in sums.items()})
    return Row(name, values, {"asked": asked} if asked else {}, is_total=is_total)


LISTED = ("search_report", gettext_lazy("Searches"), "search", can_see_searches)


def menu_item() -> PermittedMenuItem:
    return PermittedMenuItem(
        gettext_lazy("Searches"),
        reverse("search_report"),
        name="searches",
        icon_name="search",
        order=12,
        may=can_see_searches,
    )


urlpatterns = [
    path("sokningar/", SearchReport.as_view(), name="search_report"),
    path(
        "sokningar/tabell/", SearchReport.as_view(results_only=True), name="search_report_results"
    ),
]
