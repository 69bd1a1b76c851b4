import secrets
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TOKEN_BYTES = 32


def new_uid() -> str:
    return str(uuid4())


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


class CalendarEntryQuerySet(models.QuerySet):
    def for_user(self, user):
        """Entries of the organisations that `user` belongs to, whichever side they are on."""
        own = user.memberships.active().values("organisation")
        return self.filter(
            Q(reservation__organisation__in=own) | Q(reservation__listing__organisation__in=own)
        )

    def current(self, since):
        return self.filter(is_cancelled=False, ends_at__gte=since)

    def with_details(self):
        return self.select_related(
            "reservation__organisation",
            "reservation__listing__organisation",
            "reservation__listing__stock",
        )


class CalendarEntry(models.Model):
    """What calendars have been given of a pickup; each change counts up its sequence."""

    reservation = models.OneToOneField(
        "marketplace.Reservation", on_delete=models.CASCADE, related_name="calendar_entry"
    )
    uid = models.CharField(max_length=80, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(_("version"), default=0)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    contents = models.TextField(
        default="",
        db_default="",
        blank=True,
        editable=False,
        help_text=_("How much of which reservations, where it is about several."),
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = CalendarEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar entry")
        verbose_name_plural = _("calendar entries")
        ordering = ["starts_at", "pk"]

    def __str__(self):
        return f"{self.reservation} ({self.sequence})"

    @property
    def rows(self):
        """The reservations that are picked up: those of a joint request that are promised."""
        promised = [row for row in self.reservation.together if row.is_promised]
        return promised or [self.reservation]


class CalendarFeed(models.Model):
    """The private URL under which a person's calendar fetches all pickups. Revoked by deletion."""

    user = models.OneToOneField(
        "portal.User", on_delete=models.CASCADE, related_name="calendar_feed"
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self):
        return f"{self.user}"
