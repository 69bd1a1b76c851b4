"""How many of the schools and preschools the exchange has reached."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.formats import localize
from django.utils.translation import gettext as _

from marketplace.exchange.handovers.models import Handover
from marketplace.impact.figures.periods import Period
from marketplace.organisations.models import Organisation

FIRST_MONTH_OF_AUTUMN = 7


@dataclass(frozen=True)
class Reach:
    """How many of `all` approved schools and preschools have received something."""

    reached: int
    all: int

    @property
    def percent(self) -> int | None:
        return min(round(self.reached / self.all * 100), 100) if self.all else None

    def __str__(self) -> str:
        """As a table says it: "3 of 12 (25 %)"."""
        if not self.all:
            return "–"
        said = {"reached": self.reached, "all": self.all, "percent": self.percent}
        return _("%(reached)s of %(all)s (%(percent)s %%)") % {
            name: localize(number) for name, number in said.items()
        }


def term_of(day: date) -> Period:
    """The school term that `day` lies in."""
    autumn = day.month >= FIRST_MONTH_OF_AUTUMN
    return Period.autumn(day.year) if autumn else Period.spring(day.year)


def reach(term: Period) -> dict[int, Reach]:
    """Return {municipality's pk: Reach}, by where schools and preschools are today.

    Reversed handovers do not count. Merged organisations count as the one they became.
    """
    types = [Organisation.Type.SCHOOL, Organisation.Type.PRESCHOOL]
    schools = Organisation.objects.approved().filter(type__in=types, merged_into=None)
    handovers = Handover.objects.in_period(term.start, term.end).standing()
    receivers = handovers.annotate(today=Coalesce("receiver__merged_into", "receiver"))
    reached = Count("pk", filter=Q(pk__in=receivers.values("today")))
    counted = schools.order_by().values("municipality").annotate(reached=reached, all=Count("pk"))
    return {row["municipality"]: Reach(row["reached"], row["all"]) for row in counted}


def with_reach(rows: list[dict[str, Any]], term: Period) -> list[dict[str, Any]]:
    """Add the reach in `term` to each municipality's row."""
    found = reach(term)
    nobody = Reach(0, 0)
    return [row | {"reach": found.get(row["municipality"].pk, nobody)} for row in rows]
