from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _


def hours(starts, ends):
    """A stretch of time as the reader's language writes it, such as 14.30–15.00."""
    return f"{time_format(starts)}–{time_format(ends)}"


@dataclass(frozen=True)
class Pickup:
    """A stretch of time when material can be fetched."""

    starts_at: datetime
    ends_at: datetime

    def __str__(self):
        starts, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{date_format(starts, 'l j F')} {hours(starts, ends)}"


class PickupTimeQuerySet(models.QuerySet["PickupTime"]):
    def coming(self, *, days=21):
        """The `Pickup`s that start within `days` days from now, the next one first."""
        now = timezone.now()
        today = timezone.localdate()
        coming = {
            pickup.starts_at: pickup
            for time in self
            for ahead in range(days)
            if (pickup := time.on(today + timedelta(days=ahead))) and pickup.starts_at > now
        }
        return [coming[moment] for moment in sorted(coming)]


class TakeItNow(models.Model):
    """Up to how much an organisation lets schools take at its pickup times without its yes."""

    organisation = models.OneToOneField(
        "marketplace.Organisation", on_delete=models.CASCADE, related_name="take_it_now"
    )
    up_to_kg = models.DecimalField(_("up to how many kilograms"), max_digits=8, decimal_places=1)

    class Meta:
        verbose_name = _("take it now")
        verbose_name_plural = _("take it now")
        constraints = [
            models.CheckConstraint(
                condition=Q(up_to_kg__gt=0),
                name="take_it_now_something",
                violation_error_message=_("The weight must be more than zero."),
            )
        ]

    def __str__(self):
        return f"{self.organisation}: {self.up_to_kg} kg"


class PickupTime(models.Model):
    """When an organisation lets its material be fetched: every week, or on one day."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Mondays")
        TUESDAY = 1, _("Tuesdays")
        WEDNESDAY = 2, _("Wednesdays")
        THURSDAY = 3, _("Thursdays")
        FRIDAY = 4, _("Fridays")
        SATURDAY = 5, _("Saturdays")
        SUNDAY = 6, _("Sundays")

    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.CASCADE, related_name="pickup_times"
    )
    weekday = models.PositiveSmallIntegerField(
        _("every"), choices=Weekday.choices, null=True, blank=True
    )
    day = models.DateField(_("or only on"), null=True, blank=True)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    objects = PickupTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pickup time")
        verbose_name_plural = _("pickup times")
        ordering = ["weekday", "day", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday=None, day__isnull=False) | Q(weekday__isnull=False, day=None),
                name="pickup_weekly_or_once",
                violation_error_message=_("Choose a day of the week or a date, not both."),
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="pickup_ends_after_it_starts",
                violation_error_message=_("The time must end after it starts."),
            ),
        ]

    def __str__(self):
        when = date_format(self.day, "l j F Y") if self.day else self.get_weekday_display()
        return f"{when} {hours(self.starts, self.ends)}"

    def on(self, day):
        """The `Pickup` on `day`, or None when there is none that day."""
        if day != self.day and day.weekday() != self.weekday:
            return None
        return Pickup(
            timezone.make_aware(datetime.combine(day, self.starts)),
            timezone.make_aware(datetime.combine(day, self.ends)),
        )
