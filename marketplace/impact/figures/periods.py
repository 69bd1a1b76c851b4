"""Periods that figures are computed for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Self

from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.exchange.handovers.models import Handover


def end_of_month(day: date) -> date:
    """The last day of the month that `day` is in."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """The days `start` to `end`, both included, in the Swedish calendar.

    Handovers are dated by the Swedish calendar, so periods need no time zones: 23:30 on New Year's
    Eve belongs to the old year.
    """

    start: date
    end: date

    @classmethod
    def year(cls, year: int) -> Self:
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def spring(cls, year: int) -> Self:
        """The spring term, January to June."""
        return cls(date(year, 1, 1), date(year, 6, 30))

    @classmethod
    def autumn(cls, year: int) -> Self:
        """The autumn term, July to December."""
        return cls(date(year, 7, 1), date(year, 12, 31))

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """A calendar month, 1 to 12."""
        start = date(year, month, 1)
        return cls(start, end_of_month(start))

    @classmethod
    def ever(cls, today: date | None = None) -> Self:
        """From the month of the first handover until today."""
        today = today or timezone.localdate()
        first = Handover.objects.aggregate(first=Min("handed_over_on"))["first"] or today
        return cls(first.replace(day=1), max(today, first))

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Return (start, first moment after the end) in Swedish time, for filtering timestamps."""
        start, after = (
            timezone.make_aware(datetime.combine(day, time.min))
            for day in (self.start, self.end + timedelta(days=1))
        )
        return start, after

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def years(self) -> range:
        """The calendar years that the period touches."""
        return range(self.start.year, self.end.year + 1)

    @property
    def months(self) -> list[date]:
        """The first day of each month that the period touches."""
        months = []
        month = self.start.replace(day=1)
        while month <= self.end:
            months.append(month)
            month = (month + timedelta(days=32)).replace(day=1)
        return months

    @property
    def whole_months(self) -> tuple[date, date] | None:
        """The first days of the first and the last month that are all inside, or None."""
        whole = [
            month
            for month in self.months
            if month >= self.start and end_of_month(month) <= self.end
        ]
        return (whole[0], whole[-1]) if whole else None

    def part_of_year(self, year: int) -> Decimal:
        """The period's share of a calendar year, 0–1; a leap year has 366 days."""
        whole = Period.year(year)
        first, last = max(self.start, whole.start), min(self.end, whole.end)
        return Decimal(max((last - first).days + 1, 0)) / whole.days

    def __str__(self) -> str:
        if self == Period.year(self.start.year):
            return str(self.start.year)
        if self == Period.spring(self.start.year):
            return _("spring term %(year)d") % {"year": self.start.year}
        if self == Period.autumn(self.start.year):
            return _("autumn term %(year)d") % {"year": self.start.year}
        return _("%(start)s to %(end)s") % {
            "start": date_format(self.start, "DATE_FORMAT"),
            "end": date_format(self.end, "DATE_FORMAT"),
        }
