"""How long things are kept: each subject registers its rules here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import ngettext

from portal.foundation.text_types import StrOrPromise


@dataclass(frozen=True)
class Rule:
    """What is kept, how long and why. `remove` takes what is older than a moment, and counts it.

    Without `days` nothing is removed by age; `until` then says when it goes.
    """

    key: str
    what: StrOrPromise
    why: StrOrPromise
    days: int | None = None
    until: StrOrPromise = ""
    remove: Callable[[datetime], int] | None = None

    def remove_old(self, now: datetime) -> int:
        """Remove what is older than `days`. Returns how much; 0 where nothing goes by age."""
        if self.remove is None or self.days is None:
            return 0
        return self.remove(now - timedelta(days=self.days))

    @property
    def how_long(self):
        if self.days is None:
            return self.until
        if self.days % 365 == 0:
            years = self.days // 365
            return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
        return ngettext("%(count)d day", "%(count)d days", self.days) % {"count": self.days}


RULES: dict[str, Rule] = {}


def register(*rules):
    for rule in rules:
        RULES[rule.key] = rule
