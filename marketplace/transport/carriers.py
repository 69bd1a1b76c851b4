"""Who carries, and when they drive."""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.pickups.models import PickupTime
from marketplace.materials.carrying import CarryClass
from portal.foundation.collation import by_name


class Vehicle(models.TextChoices):
    CARGO_BIKE = "cargo_bike", _("Cargo bike")
    CAR = "car", _("Car")
    ELECTRIC_VAN = "electric_van", _("Electric van")
    VAN = "van", _("Van")
    LORRY = "lorry", _("Lorry")


class Carrier(models.Model):
    """Somebody who carries material in a municipality, and what with."""

    class Type(models.TextChoices):
        CARETAKERS = "caretakers", _("Caretakers")
        FOOD = "food", _("Food transport")
        LABOUR = "labour", _("Labour-market unit")
        COMPANY = "company", _("A company's own van")
        OTHER = "other", _("Other")

    municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="carriers",
    )
    name = models.CharField(_("name"), max_length=80)
    type = models.CharField(_("type"), max_length=12, choices=Type.choices)
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carriers",
        help_text=_("Whose van it is: it carries only what this company gives."),
    )
    vehicle = models.CharField(_("vehicle"), max_length=12, choices=Vehicle.choices)
    kgco2e_per_km = models.DecimalField(
        _("kg CO2e per km"),
        max_digits=6,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("If left empty, the kilometres are shown, but nothing is subtracted for them."),
    )
    factor_source = models.CharField(_("source of the number"), max_length=255, blank=True)
    note = models.CharField(
        _("a word to those who choose it"),
        max_length=120,
        blank=True,
        help_text=_("For example, “free of charge”."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = [by_name()]
        constraints = [
            models.CheckConstraint(
                condition=~Q(type="company") | Q(organisation__isnull=False),
                name="carrier_company_is_named",
                violation_error_message=_("Choose whose van it is."),
            ),
            models.CheckConstraint(
                condition=Q(kgco2e_per_km=None) | ~Q(factor_source=""),
                name="carrier_factor_has_source",
                violation_error_message=_("Say where the number comes from."),
            ),
        ]

    def __str__(self):
        return self.name


class RoundQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True, carrier__is_active=True)

    def serving(self, *, giver, receiver):
        """Those that may fetch at `giver` and leave at `receiver`."""
        return (
            self.active()
            .filter(Q(carrier__organisation=None) | Q(carrier__organisation=giver))
            .filter(areas=receiver.municipality_id)
            .filter(pk__in=Round.objects.filter(areas=giver.municipality_id))
            .select_related("carrier__municipality")
            .order_by("pk")
        )


class Round(models.Model):
    """When a carrier drives: a weekday with hours, an area, and how much goes in."""

    # So long before it starts, a round takes nothing more by itself.
    CLOSES_BEFORE = timedelta(hours=20)

    carrier = models.ForeignKey(
        Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, related_name="rounds"
    )
    weekday = models.PositiveSmallIntegerField(_("every"), choices=PickupTime.Weekday.choices)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    break_starts = models.TimeField(_("break from"), null=True, blank=True)
    break_ends = models.TimeField(_("break to"), null=True, blank=True)
    areas = models.ManyToManyField(
        "marketplace.Municipality", verbose_name=_("operates in"), related_name="rounds"
    )
    vehicles = models.PositiveSmallIntegerField(
        _("vehicles"), default=1, validators=[MinValueValidator(1)]
    )
    capacity_kg = models.PositiveIntegerField(
        _("kilograms in each"), validators=[MinValueValidator(1)]
    )
    capacity_litres = models.PositiveIntegerField(
        _("litres in each"),
        validators=[MinValueValidator(1)],
        help_text=_("A bag is 25, a box 50, a pallet 1000, something unwieldy 400."),
    )
    largest = models.CharField(
        _("takes up to"), max_length=10, choices=CarryClass.choices, default=CarryClass.UNWIELDY
    )
    most_stops = models.PositiveSmallIntegerField(
        _("maximum number of stops, each"), null=True, blank=True, validators=[MinValueValidator(2)]
    )
    minutes_per_stop = models.PositiveSmallIntegerField(_("minutes per stop"), default=10)
    start_name = models.CharField(_("starts and ends at"), max_length=120)
    start_latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        help_text=_("If left empty, the municipality's centre."),
    )
    start_longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    driver_name = models.CharField(_("driver"), max_length=120, blank=True)
    driver_phone = models.CharField(_("driver's telephone"), max_length=30, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["weekday", "starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="round_ends_after_it_starts",
                violation_error_message=_("The time must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(break_starts=None, break_ends=None)
                | Q(break_ends__gt=F("break_starts")),
                name="round_break_is_whole",
                violation_error_message=_("A break needs both times, in order."),
            ),
        ]

    def __str__(self):
        return f"{self.carrier}, {self.get_weekday_display()}"

    def clean(self):
        super().clean()
        if (self.break_starts is None) != (self.break_ends is None):
            raise ValidationError(_("A break needs both times, in order."))

    @property
    def start_position(self):
        """(latitude, longitude) of where it starts, or else of the municipality's centre."""
        if self.start_latitude is None or self.start_longitude is None:
            place = self.carrier.municipality
            return place.latitude, place.longitude
        return self.start_latitude, self.start_longitude

    def takes(self, load) -> bool:
        """Whether one vehicle has room for `load`, if it carries nothing else."""
        order = CarryClass.values
        return (
            order.index(load.carry_class) <= order.index(self.largest)
            and load.kg <= self.capacity_kg
            and load.litres <= self.capacity_litres
        )

    def moment(self, day: date, at: time) -> datetime:
        return timezone.make_aware(datetime.combine(day, at))

    def dates(self, *, weeks: int = 8) -> list[date]:
        """The days that still take something, the next one first, unless they are called off."""
        today = timezone.localdate()
        first = today + timedelta(days=(self.weekday - today.weekday()) % 7)
        days = [first + timedelta(weeks=week) for week in range(weeks)]
        closing = timezone.now() + self.CLOSES_BEFORE
        called_off = set(self.runs.exclude(called_off_at=None).values_list("date", flat=True))
        return [
            day for day in days if self.moment(day, self.starts) > closing and day not in called_off
        ]
