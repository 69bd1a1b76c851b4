"""Who carries, when they drive, and what is on a day's list.

A `Carrier` drives `Round`s; a `Run` is a round on a date, with a `Tour` for each vehicle. A
`Shipment` is a reservation that is brought; it has a `Stop` where it is fetched and one where it is
left. A plan says which tour and in which order, and may be computed again: what people have been
told stands on the stops as a promise.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from marketplace.materials.units import QUANTITY
from marketplace.transport.carriers import Carrier, Round, RoundQuerySet, Vehicle
from marketplace.transport.tokens import new_token

__all__ = [
    "Carrier",
    "Drive",
    "Round",
    "RoundQuerySet",
    "Run",
    "RunQuerySet",
    "Shipment",
    "Stop",
    "Tour",
    "Vehicle",
]


class RunQuerySet(models.QuerySet):
    def coming(self):
        return self.filter(date__gte=timezone.localdate(), called_off_at=None)

    def in_municipalities(self, municipalities):
        return self.filter(round__carrier__municipality__in=municipalities)


class Run(models.Model):
    """A round on a date."""

    class Planning(models.TextChoices):
        NONE = "", _("Not planned")
        WAITING = "waiting", _("Being planned")
        DONE = "done", _("Planned")
        FAILED = "failed", _("The planning failed")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="runs")
    date = models.DateField(_("day"))
    planning = models.CharField(
        _("plan"), max_length=10, choices=Planning.choices, blank=True, default=Planning.NONE
    )
    planned_at = models.DateTimeField(_("planned"), null=True, blank=True)
    planned_by_roads = models.BooleanField(_("by road distances"), default=False)
    left_out = models.PositiveSmallIntegerField(_("without room"), default=0)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    called_off_at = models.DateTimeField(_("called off"), null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of a round")
        verbose_name_plural = _("days of rounds")
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "date"], name="run_once_per_round_and_day"),
        ]

    def __str__(self):
        return f"{self.round.carrier}, {date_format(self.date, 'l j F')}"

    @property
    def is_today(self):
        return self.date == timezone.localdate()


class Tour(models.Model):
    """One vehicle's day, and the link that its driver has."""

    # A phone that was without a connection may catch up for so long after the day.
    CATCHES_UP = timedelta(days=2)

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tours")
    number = models.PositiveSmallIntegerField(_("vehicle"))
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    revoked_at = models.DateTimeField(_("link withdrawn"), null=True, blank=True)
    metres = models.PositiveIntegerField(_("metres"), default=0)

    class Meta:
        verbose_name = _("vehicle's day")
        verbose_name_plural = _("vehicles' days")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="tour_number_once_per_run"),
        ]

    def __str__(self):
        return f"{self.run} ({self.number})"

    @property
    def kilometres(self) -> Decimal:
        return Decimal(self.metres) / 1000

    @property
    def last_day(self) -> date:
        return self.run.date + self.CATCHES_UP


class ShipmentQuerySet(models.QuerySet):
    def waiting(self):
        """Those that are still to be driven."""
        return self.filter(state=Shipment.State.WAITING)

    def with_parties(self):
        return self.select_related(
            "run__round__carrier",
            "reservation__organisation__municipality",
            "reservation__listing__organisation__municipality",
            "reservation__listing__category__parent__parent",
            "reservation__listing__stock",
        )


class Shipment(models.Model):
    """A reservation that is brought, and where it is on its way."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        WAITING = "waiting", _("Waits for its day")
        FETCHED = "fetched", _("On its way")
        LEFT = "left", _("Left")
        OVER = "over", _("Not driven")

    reservation = models.OneToOneField(
        "marketplace.Reservation", on_delete=models.CASCADE, related_name="shipment"
    )
    run = models.ForeignKey(
        Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="shipments"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    receives_from = models.TimeField(_("receives from"))
    receives_until = models.TimeField(_("receives until"))
    leave_note = models.CharField(_("where to leave it"), max_length=200, blank=True)
    moved = models.PositiveSmallIntegerField(_("times moved"), default=0)

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(receives_until__gt=F("receives_from")),
                name="shipment_received_in_order",
                violation_error_message=_("The time must end after it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.reservation}"

    @property
    def load(self):
        return self.reservation.load


class StopQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("tour__number", "position", "pk")


class Stop(models.Model):
    """Where a shipment is fetched or left on a run; planned, promised and real times."""

    class Type(models.TextChoices):
        FETCH = "fetch", _("Fetch")
        LEAVE = "leave", _("Leave")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        FETCHED = "fetched", _("Fetched")
        LEFT = "left", _("Left")
        NOBODY = "nobody", _("Nobody there")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="stops")
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="stops")
    type = models.CharField(_("what"), max_length=5, choices=Type.choices)
    tour = models.ForeignKey(
        Tour, null=True, blank=True, on_delete=models.SET_NULL, related_name="stops"
    )
    position = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    planned_at = models.DateTimeField(_("planned"), null=True, blank=True)
    promised_from = models.DateTimeField(_("promised from"), null=True, blank=True)
    promised_until = models.DateTimeField(_("promised until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PLANNED)
    happened_at = models.DateTimeField(_("happened"), null=True, blank=True)
    # What the driver's phone calls the tap: the same one counts once, however often it is sent.
    key = models.CharField(max_length=64, blank=True, editable=False)
    quantity = models.DecimalField(_("quantity"), null=True, blank=True, **QUANTITY)
    mass_kg = models.DecimalField(_("weighed, in kg"), null=True, blank=True, **QUANTITY)
    note = models.CharField(_("note"), max_length=300, blank=True)
    photo = models.ForeignKey(
        "portal.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = StopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "type"], name="stop_once_per_shipment"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="stop_tapped_once"),
        ]

    def __str__(self):
        return f"{self.get_type_display()}: {self.organisation}"

    @property
    def organisation(self):
        reservation = self.shipment.reservation
        return reservation.giver if self.type == self.Type.FETCH else reservation.organisation

    @property
    def address(self):
        """Street, postcode and town, as a map understands them."""
        if self.type == self.Type.FETCH:
            listing = self.shipment.reservation.listing
            if listing.pickup_address:
                town = f"{listing.pickup_postcode} {listing.pickup_town}".strip()
                return ", ".join(filter(None, [listing.pickup_address, town]))
        place = self.organisation
        town = f"{place.postcode} {place.town}".strip()
        return ", ".join(filter(None, [place.address, town]))

    @property
    def phone(self):
        """Whom the driver calls at the door."""
        if self.type == self.Type.FETCH and self.shipment.reservation.listing.contact_phone:
            return self.shipment.reservation.listing.contact_phone
        return self.organisation.contact_phone

    @property
    def is_done(self):
        return self.state != self.State.PLANNED

    @property
    def promise(self) -> str:
        """The time that people have been told, such as 9.30–10.30; empty before that."""
        if self.promised_from is None or self.promised_until is None:
            return ""
        starts, ends = (
            timezone.localtime(each) for each in (self.promised_from, self.promised_until)
        )
        return f"{time_format(starts)}–{time_format(ends)}"


class Drive(models.Model):
    """The kilometres behind a row of the ledger: its part of what the vehicle drove that day."""

    handover = models.OneToOneField(
        "marketplace.Handover", on_delete=models.PROTECT, related_name="drive"
    )
    tour = models.ForeignKey(Tour, null=True, on_delete=models.SET_NULL, related_name="drives")
    vehicle = models.CharField(_("vehicle"), max_length=12, choices=Vehicle.choices)
    km = models.DecimalField(_("kilometres"), max_digits=9, decimal_places=3)
    kgco2e_per_km = models.DecimalField(
        _("kg CO2e per km"), max_digits=6, decimal_places=4, null=True, blank=True
    )
    factor_source = models.CharField(_("source of the number"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("kilometres of a handover")
        verbose_name_plural = _("kilometres of handovers")

    def __str__(self):
        return f"{self.handover}: {self.km} km"
