"""The report of what people search for, what they do not find, and how far down they look."""

import django_filters
from django import forms
from django.db.models import Min
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy

from marketplace.figures import Period
from marketplace.reports.base import FigureColumn, FigureReport, NameColumn, Row
from marketplace.reports.chosen import Chosen, LaterChoices, PeriodFilters
from portal.menu import PermittedMenuItem

from . import figures
from .counting import OFTEN
from .models import SearchCount

KEYS = [figure.key for figure in figures.FIGURES]
FRUITLESS = "utan"


def can_see_searches(user):
    """Read what is searched for: editors, communicators, coordinators and the steering group."""
    return user.is_active and user.has_perm("search.view_searchcount")


def month_choices(request=None):
    """[("2026-03", "March 2026")] from this month back to the first with a search."""
    today = timezone.localdate()
    first = SearchCount.objects.aggregate(first=Min("day"))["first"] or today
    months = Period(min(first, today), today).months
    return [(f"{each:%Y-%m}", date_format(each, "F Y").capitalize()) for each in reversed(months)]


class SearchFilters(PeriodFilters):
    manad = LaterChoices(
        label=gettext_lazy("Month"),
        choices_for=month_choices,
        method="leave",
        empty_label=gettext_lazy("The whole period"),
        widget=forms.Select,
    )
    visa = django_filters.ChoiceFilter(
        label=gettext_lazy("Show"),
        choices=[(FRUITLESS, gettext_lazy("Only what was not found"))],
        method="leave",
        empty_label=gettext_lazy("All searches"),
        widget=forms.RadioSelect,
    )


class ChosenMonth(Chosen):
    """What the filters say; a month, if one is chosen, goes before the period."""

    @cached_property
    def period(self):
        month = self.data.get("manad")
        if not month:
            return super().period
        year, number = month.split("-")
        return Period.month(int(year), int(number))


class WordsColumn(NameColumn):
    """The words of a question, which lead to what it finds today."""

    cell_template_name = "search/admin/words_cell.html"


class ActionColumn(Column):
    """What an editor can do about a question that found nothing."""

    cell_template_name = "search/admin/action_cell.html"

    def get_value(self, instance):
        text = instance.words.get("asked", "")
        if not text or not instance.values["searches_without_result"]:
            return []
        synonym = reverse("wagtailsnippets_search_synonym:add")
        recommend = reverse("recommend_for_search")
        return [
            (_("Make a synonym"), f"{synonym}?{urlencode({'rule': f'{text}, '})}", text),
            (_("Recommend a page"), f"{recommend}?{urlencode({'q': text})}", text),
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
    def chosen(self):
        data = self.filters.form.cleaned_data if self.filters and self.filters.is_valid() else {}
        return ChosenMonth(self.request, data)

    @property
    def only_fruitless(self):
        return self.chosen.data.get("visa") == FRUITLESS

    @property
    def default_ordering(self):
        return "-searches_without_result" if self.only_fruitless else "-searches"

    @cached_property
    def columns(self):
        columns = [
            WordsColumn("name", label=self.name_label, sort_key="name"),
            *(FigureColumn(key, sort_key=key) for key in KEYS),
        ]
        if self.request.user.has_perm("search.add_synonym"):
            columns.append(ActionColumn("actions", label=_("What to do")))
        return columns

    @property
    def about(self):
        return _(
            "Words are shown that have been searched for at least %(count)d times in all. What "
            "fewer have asked for, and what might tell about a person, is counted without its "
            "words."
        ) % {"count": OFTEN}

    @cached_property
    def counts(self):
        """The days' counts that are asked for, of the municipalities that the reader may see."""
        found = figures.in_days(self.chosen.period)
        if self.chosen.is_all:
            return found
        return found.filter(municipality__in=[each.slug for each in self.chosen.municipalities])

    def rows(self):
        often = SearchCount.objects.asked_often(OFTEN).values("text")
        groups = self.counts.filter(text__in=often).values("text").annotate(**figures.totals())
        total = self.counts.aggregate(**figures.totals())
        total = {name: value or 0 for name, value in total.items()}
        rest = dict(total)
        rows = []
        for each in groups:
            rows.append(row(each["text"], each, asked=each["text"]))
            for name in rest:
                rest[name] -= each[name]
        if rest["sum_searches"]:
            rows.append(row(_("Other words, which few have asked for"), rest))
        if self.only_fruitless:
            rows = [each for each in rows if each.values["searches_without_result"]]
        rows = self.in_order(rows)
        if len(rows) > 1 and not self.only_fruitless:
            rows.append(row(_("All together"), total, is_total=True))
        return rows

    def in_order(self, rows):
        """Sorted as asked for; what has no value last, and the words that nobody may see."""
        key = self.ordering.removeprefix("-")
        rows.sort(key=lambda each: each.name)

        def value(each):
            return each.name if key == "name" else each.values[key]

        known = [each for each in rows if each.words and value(each) is not None]
        known.sort(key=value, reverse=self.ordering.startswith("-"))
        return known + [each for each in rows if each not in known]

    def described(self):
        lines = super().described()
        if self.only_fruitless:
            lines.append((_("Show"), _("Only what was not found")))
        return lines


def row(name, sums, *, asked="", is_total=False):
    """A row with the figures of `sums`; `asked` are the words, where they may be shown."""
    values = figures.finished({key.removeprefix("sum_"): value for key, value in sums.items()})
    return Row(name, values, {"asked": asked} if asked else {}, is_total=is_total)


LISTED = ("search_report", gettext_lazy("Searches"), "search", can_see_searches)


def menu_item():
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
