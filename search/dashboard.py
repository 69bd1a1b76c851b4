"""The card on the admin's first page about what people looked for in vain."""

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from marketplace.dashboard import SHOWN, Card
from marketplace.figures import Period
from marketplace.permissions import figure_municipalities

from . import figures
from .counting import OFTEN
from .models import SearchCount
from .reports import FRUITLESS, can_see_searches


def without_result(request):
    """This month's searches without result, and the words most often looked for in vain."""
    if not can_see_searches(request.user):
        return None
    today = timezone.localdate()
    counts = figures.in_days(Period(today.replace(day=1), today))
    own = figure_municipalities(request.user)
    if own is not None:
        counts = counts.filter(municipality__in=[each.slug for each in own])
    found = figures.finished(
        {
            key.removeprefix("sum_"): value or 0
            for key, value in counts.aggregate(**figures.totals()).items()
        }
    )
    often = SearchCount.objects.asked_often(OFTEN).values("text")
    words = (
        counts.filter(text__in=often, without_result__gt=0)
        .values("text")
        .annotate(**figures.totals())
        .order_by("-sum_without_result", "text")[:SHOWN]
    )
    report = reverse("search_report")
    month = f"{today:%Y-%m}"
    may_mend = request.user.has_perm("search.add_synonym")
    return Card(
        title=_("Searches without result"),
        figure=str(found["searches_without_result"]),
        text=_("of %(all)s searches this month") % {"all": found["searches"]},
        lines=[
            (
                each["text"],
                f"{report}?{urlencode({'manad': month, 'visa': FRUITLESS})}" if may_mend else "",
                each["sum_without_result"],
            )
            for each in words
        ],
        more=(
            _("What to do about them") if may_mend else _("See them all"),
            f"{report}?{urlencode({'manad': month, 'visa': FRUITLESS})}",
        ),
    )
