"""Times that organisations book places at: an event's, or the opening hours of a hub."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OccasionQuerySet(models.QuerySet):
    def coming(self, now=None):
        return self.filter(ends_at__gt=now or timezone.now())


class Occasion(models.Model):
    """A time and a place with so many places, of which never more are taken than there are.

    The object that arranges it (an event page, a hub) keeps it in step; see
    `services.arrange_occasion`. Fewer places than are taken cannot be set: then it is as many
    as are taken.
    """

    title = models.CharField(_("title"), max_length=255)
    where = models.CharField(_("where"), max_length=400, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    book_until = models.DateTimeField(_("latest time to book"), null=True, blank=True)
    places = models.PositiveIntegerField(_("places"), default=0)
    taken = models.PositiveIntegerField(_("taken"), default=0)
    most_per_booking = models.PositiveSmallIntegerField(
        _("maximum places per organisation"), default=4, validators=[MinValueValidator(1)]
    )
    called_off = models.BooleanField(_("called off"), default=False)
    is_open = models.BooleanField(
        _("can be booked"), default=True, help_text=_("Not while its page is not published.")
    )

    objects = OccasionQuerySet.as_manager()

    class Meta:
        verbose_name = _("bookable time")
        verbose_name_plural = _("bookable times")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")),
                name="occasion_never_overbooked",
                violation_error_message=_("There are not that many places left."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="occasion_ends_after_it_starts",
                violation_error_message=_("It cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.when}"

    @property
    def left(self):
        return self.places - self.taken

    @property
    def is_over(self):
        return self.ends_at <= timezone.now()

    @property
    def takes_bookings(self):
        """Whether somebody can book now: it has places, is on, and its time to book is not past."""
        closes = self.book_until or self.starts_at
        return (
            bool(self.places) and self.is_open and not self.called_off and closes > timezone.now()
        )

    @property
    def when(self):
        return period(self.starts_at, self.ends_at)


def period(starts_at, ends_at):
    """Day and hours as people say them, in the active language."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    day = date_format(start, "l j F Y")
    if start.date() == end.date():
        return f"{day} {date_format(start, 'TIME_FORMAT')}–{date_format(end, 'TIME_FORMAT')}"
    until = f"{date_format(end, 'l j F Y')} {date_format(end, 'TIME_FORMAT')}"
    return f"{day} {date_format(start, 'TIME_FORMAT')} – {until}"


class BookingQuerySet(models.QuerySet):
    def booked(self):
        return self.filter(state=Booking.State.BOOKED)

    def waiting(self):
        """The waiting list, the first in line first."""
        return self.filter(state=Booking.State.WAITING).order_by("created_at", "pk")

    def open(self):
        return self.filter(state__in=Booking.OPEN_STATES)

    def coming(self, now=None):
        return self.open().filter(occasion__ends_at__gt=now or timezone.now())

    def of_organisations(self, organisations):
        return self.filter(organisation__in=organisations)

    def people(self):
        return self.aggregate(sum=Sum("people"))["sum"] or 0


class Booking(models.Model):
    """Places that an organisation has at an occasion, or waits for."""

    class State(models.TextChoices):
        BOOKED = "booked", _("Booked")
        WAITING = "waiting", _("On the waiting list")
        CANCELLED = "cancelled", pgettext_lazy("reservation", "Cancelled")

    OPEN_STATES = [State.BOOKED, State.WAITING]

    occasion = models.ForeignKey(
        Occasion, on_delete=models.CASCADE, related_name="bookings", verbose_name=_("what")
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        on_delete=models.PROTECT,
        related_name="bookings",
        verbose_name=_("organisation"),
    )
    created_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("booked by"),
    )
    people = models.PositiveSmallIntegerField(_("people"), validators=[MinValueValidator(1)])
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.BOOKED)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    closed_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    reminded_for = models.DateTimeField(null=True, blank=True, editable=False)
    told_of = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="The start as the organisation was told it last.",
    )

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking of places")
        verbose_name_plural = _("bookings of places")
        ordering = ["occasion__starts_at", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "organisation"],
                condition=Q(state__in=["booked", "waiting"]),
                name="occasion_booked_once_per_organisation",
                violation_error_message=_("You have booked already."),
            ),
            models.CheckConstraint(condition=Q(people__gt=0), name="booking_of_somebody"),
        ]

    def __str__(self):
        return f"{self.occasion}: {self.organisation}"

    @property
    def is_booked(self):
        return self.state == self.State.BOOKED

    @property
    def position(self):
        """The place in line, the first being 1."""
        line = list(self.occasion.bookings.waiting().values_list("pk", flat=True))
        return line.index(self.pk) + 1 if self.pk in line else None
