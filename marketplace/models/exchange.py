"""What happens to material before it changes hands: how much there is, and who asks for it."""

from datetime import timedelta
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .units import Unit, format_quantity

QUANTITY = {"max_digits": 12, "decimal_places": 3}


class Stock(models.Model):
    """How much of a listing there is. Never revisioned; changed by `services` under a row lock."""

    listing = models.OneToOneField(
        "marketplace.MaterialListing", on_delete=models.CASCADE, related_name="stock"
    )
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.PIECE)
    kg_per_unit = models.DecimalField(
        _("kg per unit"), max_digits=12, decimal_places=4, validators=[MinValueValidator(0)]
    )
    offered = models.DecimalField(_("offered"), **QUANTITY)
    reserved = models.DecimalField(_("reserved"), default=Decimal(0), **QUANTITY)
    collected = models.DecimalField(_("collected"), default=Decimal(0), **QUANTITY)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        constraints = [
            models.CheckConstraint(
                condition=Q(offered__gt=0) & Q(reserved__gte=0) & Q(collected__gte=0),
                name="stock_quantities_positive",
                violation_error_message=_("The quantity must be more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(offered__gte=F("reserved") + F("collected")),
                name="stock_never_promised_twice",
                violation_error_message=_("More is promised or collected than there is."),
            ),
            models.CheckConstraint(
                condition=Q(kg_per_unit__gt=0),
                name="stock_weight_positive",
                violation_error_message=_("The weight must be more than zero."),
            ),
        ]

    def __str__(self):
        return format_quantity(self.left, self.unit)

    @property
    def left(self):
        """What nobody has been promised, in `unit`."""
        return self.offered - self.reserved - self.collected

    @property
    def left_kg(self):
        return self.left * self.kg_per_unit


class ReservationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state__in=Reservation.OPEN_STATES)

    def requested(self):
        return self.filter(state=Reservation.State.REQUESTED)

    def accepted(self):
        return self.filter(state=Reservation.State.ACCEPTED)

    def closed(self):
        return self.exclude(state__in=Reservation.OPEN_STATES)

    def waiting_for(self, organisation):
        """Where the next step is `organisation`'s: to answer, agree on a time, or say what became.

        What has waited longest comes first.
        """
        gives = Q(listing__organisation=organisation)
        asks = Q(organisation=organisation)
        proposed = Q(pickup_agreed_at=None, pickup_at__isnull=False)
        return self.filter(
            (gives & Q(state=Reservation.State.REQUESTED))
            | (
                asks
                & Q(state__in=Reservation.OPEN_STATES)
                & proposed
                & Q(pickup_proposed_by_giver=True)
            )
            | (
                gives
                & Q(state=Reservation.State.ACCEPTED)
                & proposed
                & Q(pickup_proposed_by_giver=False)
            )
            | ((gives | asks) & Q(state=Reservation.State.ACCEPTED, pickup_at__lt=timezone.now()))
        ).order_by("created_at", "pk")

    def unanswered_since(self, moment):
        """Asked before `moment`; what was prolonged has so much more time."""
        return self.requested().filter(
            Q(prolonged_at=None, created_at__lte=moment)
            | Q(prolonged_at__isnull=False, created_at__lte=moment - Reservation.PROLONGED_BY)
        )

    def uncollected_since(self, moment):
        """Promised, the pickup time (or else the acceptance) before `moment`, nobody asked yet.

        What was prolonged has so much more time.
        """
        earlier = moment - Reservation.PROLONGED_BY
        return (
            self.accepted()
            .filter(uncollected_asked_at=None)
            .filter(
                Q(pickup_at__lte=moment) | Q(pickup_at=None, accepted_at__lte=moment),
                Q(prolonged_at=None)
                | Q(pickup_at__lte=earlier)
                | Q(pickup_at=None, accepted_at__lte=earlier),
            )
        )

    def made_by(self, organisation):
        return self.filter(organisation=organisation)

    def given_by(self, organisation):
        return self.filter(listing__organisation=organisation)

    def in_municipalities(self, municipalities):
        """Where the giver or the receiver is in one of `municipalities`."""
        return self.filter(
            Q(organisation__municipality__in=municipalities)
            | Q(listing__organisation__municipality__in=municipalities)
        )

    def with_parties(self):
        return self.select_related(
            "organisation__municipality",
            "listing__organisation__municipality",
            "listing__stock",
            "listing__category",
            "created_by",
        )


class Reservation(models.Model):
    """An organisation's request for some of a listing. Accepting it is what reserves stock."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Promised")
        COLLECTED = "collected", _("Collected")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    PROLONGED_BY = timedelta(days=14)
    OPEN_STATES = [State.REQUESTED, State.ACCEPTED]

    listing = models.ForeignKey(
        "marketplace.MaterialListing",
        verbose_name=_("listing"),
        on_delete=models.PROTECT,
        related_name="reservations",
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="reservations",
    )
    created_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("asked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REQUESTED
    )
    requested_quantity = models.DecimalField(_("asked for"), **QUANTITY)
    accepted_quantity = models.DecimalField(_("promised"), null=True, blank=True, **QUANTITY)
    purpose = models.CharField(_("what it is for"), max_length=500, blank=True)
    pickup_at = models.DateTimeField(
        _("pickup time"),
        null=True,
        blank=True,
        help_text=_("Wished for by the receiver, then agreed or proposed by the giver."),
    )
    pickup_until = models.DateTimeField(_("pickup until"), null=True, blank=True)
    pickup_proposed_by_giver = models.BooleanField(_("time proposed by the giver"), default=False)
    pickup_agreed_at = models.DateTimeField(_("pickup time agreed"), null=True, blank=True)
    closing_note = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    prolonged_at = models.DateTimeField(_("prolonged"), null=True, blank=True)
    pickup_reminded_for = models.DateTimeField(
        _("reminded of the pickup at"), null=True, blank=True, editable=False
    )
    uncollected_asked_at = models.DateTimeField(
        _("asked why it was not collected"), null=True, blank=True
    )

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(requested_quantity__gt=0),
                name="reservation_asks_for_something",
                violation_error_message=_("The quantity must be more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_quantity=None)
                | (Q(accepted_quantity__gt=0) & Q(accepted_quantity__lte=F("requested_quantity"))),
                name="reservation_promises_at_most_what_was_asked",
                violation_error_message=_("You cannot promise more than was asked for."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "listing"],
                condition=Q(state__in=["requested", "accepted"]),
                name="reservation_one_open_per_organisation_and_listing",
                violation_error_message=_("You have already asked for this material."),
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="reservation_state_created")]

    def __str__(self):
        return f"{self.organisation}: {self.listing}"

    @property
    def is_open(self):
        return self.state in self.OPEN_STATES

    @property
    def giver(self):
        return self.listing.organisation

    @property
    def quantity(self):
        """What counts now, in the listing's unit: promised, or else asked for."""
        return self.accepted_quantity or self.requested_quantity


class ReservationMessage(models.Model):
    """One message in the thread between giver and receiver."""

    reservation = models.ForeignKey(Reservation, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("message"), max_length=2000)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]

    def __str__(self):
        return self.text[:60]
