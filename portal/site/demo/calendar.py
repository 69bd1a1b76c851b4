"""When things happen in a demo year: on school days, more of them the longer the portal is used."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

# Swedish school holidays, roughly, as (month, day) from and to.
HOLIDAYS = [
    ((12, 20), (12, 31)),
    ((1, 1), (1, 8)),
    ((2, 15), (2, 22)),
    ((4, 1), (4, 10)),
    ((6, 12), (8, 16)),
    ((10, 26), (11, 1)),
]


def is_school_day(day: date):
    month_day = (day.month, day.day)
    return day.weekday() < 5 and not any(start <= month_day <= end for start, end in HOLIDAYS)


def at(day: date, hour: int, minute: int = 0):
    """A moment in Swedish time."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


class Year:
    """The time up to `today` in which the demo's history takes place: a year and some months."""

    DAYS = 430

    def __init__(self, today, random):
        self.today = today
        self.random = random

    def ago(self, days):
        return self.today - timedelta(days=days)

    def weight(self, day):
        """How likely something is to happen on `day`: four times as likely at the end."""
        if not is_school_day(day):
            return 0
        return 1 + 3 * (1 - (self.today - day).days / self.DAYS)

    def school_day(self, first, last):
        """A school day from `first` to `last`, later ones being likelier; None if there is none."""
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        weights = [self.weight(day) for day in days]
        return self.random.choices(days, weights)[0] if any(weights) else None

    def next_school_day(self, day):
        while not is_school_day(day):
            day += timedelta(days=1)
        return day

    def school_day_before(self, *, days):
        """The school day that many days ago, or the last one before it."""
        day = self.today - timedelta(days=days)
        while not is_school_day(day):
            day -= timedelta(days=1)
        return day
