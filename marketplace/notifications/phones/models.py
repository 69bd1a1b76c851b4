from datetime import datetime, time, timedelta

from django.contrib.sessions.models import Session
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PushSubscriptionQuerySet(models.QuerySet):
    def signed_in(self):
        """Those of devices where their owner is still signed in: nobody else's phone is told."""
        alive = Session.objects.filter(expire_date__gt=timezone.now())
        return self.filter(user__is_active=True, session_key__in=alive.values("session_key"))


class PushSubscription(models.Model):
    """A browser that shows notifications, as its push service knows it (RFC 8030)."""

    MOST_PER_PERSON = 10

    user = models.ForeignKey(
        "portal.User", on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    # Signing out, anywhere and by anybody, ends the session, and with it what is shown there.
    session_key = models.CharField(max_length=40, db_index=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("device with notifications")
        verbose_name_plural = _("devices with notifications")
        ordering = ["created_at", "pk"]

    def __str__(self):
        return self.device or self.endpoint[:40]


class PhoneNumber(models.Model):
    """A number that its owner has confirmed with a code, for the few texts that cannot wait."""

    user = models.OneToOneField(
        "portal.User", on_delete=models.CASCADE, related_name="phone_number"
    )
    number = models.CharField(
        _("mobile number"), max_length=16, validators=[RegexValidator(r"^\+[1-9]\d{6,14}$")]
    )
    confirmed_at = models.DateTimeField(_("confirmed"), default=timezone.now)

    class Meta:
        verbose_name = _("mobile number")
        verbose_name_plural = _("mobile numbers")

    def __str__(self):
        return self.number


class QuietHours(models.Model):
    """When a person's phone is left alone. Without a row: all of these."""

    EVENING, NIGHT, MORNING = time(18), time(22), time(7)

    user = models.OneToOneField("portal.User", on_delete=models.CASCADE, related_name="quiet_hours")
    evenings = models.BooleanField(_("Evenings, from 18 to 22"), default=True)
    nights = models.BooleanField(_("Nights, from 22 to 7"), default=True)
    weekends = models.BooleanField(_("Saturdays and Sundays"), default=True)

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")

    def __str__(self):
        return f"{self.user}"

    @classmethod
    def of(cls, user) -> "QuietHours":
        """The chosen hours of `user`, or unsaved ones as they are from the start."""
        return cls.objects.filter(user=user).first() or cls(user=user)

    def are_now(self, now: datetime | None = None) -> bool:
        """Whether the phone is left alone at `now`, by the clock of the portal's time zone."""
        moment = timezone.localtime(now)
        clock = moment.time()
        # The night to Saturday begins on Friday, and Monday's ends on Monday: by the clock alone.
        if clock >= self.NIGHT or clock < self.MORNING:
            return self.nights or (self.weekends and moment.weekday() >= 5)
        if self.weekends and moment.weekday() >= 5:
            return True
        return self.evenings and clock >= self.EVENING


# What has not come through after this long is old news: it is in the inbox.
STALE_AFTER = timedelta(days=3)
