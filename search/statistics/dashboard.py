"""The card on the admin's first page about what people looked for in vain."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from marketplace.desk.dashboard import SHOWN, Card
from marketplace.impact.figures.periods import Period
from marketplace.roles.permissions import figure_municipalities
from search.statistics.counting import OFTEN
from search.statistics.figures import finished, in_days, totals
from search.statistics.models import SearchCount
from search.statistics.reports import FRUITLESS, can_see_searches


def without_result(request: HttpRequest) -> Card | None:
    """This month's searches without result, and the words most often looked for in vain."""
    if not can_see_searches(request.user):
        return None
    today = timezone.localdate()
    counts = in_days(Period(today.replace(day=1), today))
    own = figure_municipalities(request.user)
    if own is not None:
        counts = counts.filter(municipality__in=[each.slug for each in own])
    found = finished(
        {
            key.removeprefix("sum_"): value or 0
            for key, value in counts.aggregate(**totals()).items()
        }
    )
    report = (
        f"{reverse('search_report')}?{urlencode({'manad': f'{today:%Y-%m}', 'visa': FRUITLESS})}"
    )
    may_fix = request.user.has_perm("search.add_synonym")
    return Card(
        title=_("Searches without result"),
        figure=str(found["searches_without_result"]),
        text=_("of %(all)s searches this month") % {"all": found["searches"]},
        lines=[
            (each["text"], report if may_fix else "", each["sum_without_result"])
            for each in _words(counts)
        ],
        more=(_("What to do about them") if may_fix else _("See them all"), report),
    )


def _words(counts: QuerySet) -> QuerySet:
    """What is most often looked for in vain, of what many enough have looked for."""
    often = SearchCount.objects.asked_often(OFTEN).values("text")
    return (
        counts.filter(text__in=often, without_result__gt=0)
        .values("text")
        .annotate(**totals())
        .order_by("-sum_without_result", "text")[:SHOWN]
    )
