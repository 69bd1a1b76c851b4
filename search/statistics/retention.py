"""What search keeps: saved searches, and words that are counted without the person."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.foundation.privacy.rules import Rule, register
from search.statistics import counting as statistics_counting
from search.statistics.counting import KEPT_RARE


def forget_rare_words(before: datetime) -> int:
    return statistics_counting.forget_rare_words()


register(
    Rule(
        "saved searches",
        _("Searches that you have saved"),
        _("So that we can tell you when something new turns up."),
        until=_("Until you remove them or the account"),
    ),
    Rule(
        "search words",
        _("Words that few have searched for, never who did"),
        _("To see what is missing. Common searches are kept as numbers."),
        days=KEPT_RARE.days,
        remove=forget_rare_words,
    ),
)
