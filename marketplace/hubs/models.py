"""Hubs: places that take material in, keep it on shelves, and hand it out.

What lies on a shelf is the `Stock` of a listing that is never published, so that the ledger and its
guards are the same as for everything else that changes hands. Movements say where it came from.
"""

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable

from marketplace.hubs.card_models import HubCard
from marketplace.materials.units import GRAM, QUANTITY, rounded
from portal.foundation.collation import by_name
from portal.foundation.tokens import new_token

# The first parts of addresses below /nav/ that are no hub.
RESERVED_SLUGS = {"hylla", "kort"}


class HubQuerySet(models.QuerySet):
    def open(self, day=None):
        """Hubs that take in and hand out on `day`: some are there for a week only."""
        day = day or timezone.localdate()
        return self.filter(is_active=True).filter(
            Q(first_day=None) | Q(first_day__lte=day), Q(last_day=None) | Q(last_day__gte=day)
        )

    def listed(self, day=None):
        """Those that are open, or will be."""
        day = day or timezone.localdate()
        return self.filter(is_active=True).filter(Q(last_day=None) | Q(last_day__gte=day))


class Hub(ClusterableModel):
    """A place that takes in and hands out: a reuse store, a school's corridor for a week."""

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="hubs",
        help_text=_("Its members look after the hub."),
    )
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    introduction = models.TextField(_("introduction"), max_length=1000, blank=True)
    house_rules = models.TextField(
        _("house rules"), max_length=2000, blank=True, help_text=_("One rule on each line.")
    )
    address = models.CharField(_("address"), max_length=160)
    town = models.CharField(_("town"), max_length=60)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)
    first_day = models.DateField(
        _("first day"),
        null=True,
        blank=True,
        help_text=_("Only for a temporary hub."),
    )
    last_day = models.DateField(_("last day"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = HubQuerySet.as_manager()

    panels = [
        FieldPanel("organisation"),
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldPanel("introduction"),
        FieldPanel("house_rules"),
        MultiFieldPanel(
            [FieldPanel("address"), FieldPanel("town"), FieldPanel("contact_phone")],
            _("Where it is"),
        ),
        FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day"), FieldPanel("is_active")]),
        InlinePanel("openings", label=_("Opening hours"), heading=_("Opening hours with places")),
        InlinePanel(
            "closings",
            label=pgettext_lazy("opening hours", "Closed"),
            heading=_("Closed although the opening hours say open"),
            help_text=_(
                "A holiday or a planning day. Everybody who has booked is told within the hour."
            ),
        ),
    ]

    class Meta:
        verbose_name = _("hub")
        verbose_name_plural = _("hubs")
        ordering = [by_name()]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="hub_ends_after_it_starts",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_SLUGS)),
                name="hub_slug_is_free",
                violation_error_message=_("Choose another slug."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("marketplace:hub", args=[self.slug])

    @property
    def municipality(self):
        return self.organisation.municipality

    @property
    def where(self):
        return ", ".join(filter(None, [self.name, self.address, self.town]))

    @property
    def rules(self):
        return [line.strip() for line in self.house_rules.splitlines() if line.strip()]

    def is_open_on(self, day):
        return self.is_active and not (
            (self.first_day and day < self.first_day) or (self.last_day and day > self.last_day)
        )


class HubOpening(Orderable):
    """Opening hours that return every week, with how many people there is room for."""

    class Weekday(models.IntegerChoices):
        MONDAY = 1, pgettext_lazy("day of opening", "Monday")
        TUESDAY = 2, pgettext_lazy("day of opening", "Tuesday")
        WEDNESDAY = 3, pgettext_lazy("day of opening", "Wednesday")
        THURSDAY = 4, pgettext_lazy("day of opening", "Thursday")
        FRIDAY = 5, pgettext_lazy("day of opening", "Friday")
        SATURDAY = 6, pgettext_lazy("day of opening", "Saturday")
        SUNDAY = 7, pgettext_lazy("day of opening", "Sunday")

    hub = ParentalKey(Hub, on_delete=models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    places = models.PositiveSmallIntegerField(
        _("places"), default=6, validators=[MinValueValidator(1)]
    )
    most_per_booking = models.PositiveSmallIntegerField(
        _("maximum places per organisation"), default=2, validators=[MinValueValidator(1)]
    )

    class Meta(Orderable.Meta):
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="hub_opening_ends_after_it_starts",
                violation_error_message=_("It cannot end before it starts."),
            )
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"


class HubTime(models.Model):
    """A day on which a hub is open, that can be booked."""

    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="times")
    opening = models.ForeignKey(
        HubOpening, null=True, blank=True, on_delete=models.SET_NULL, related_name="times"
    )
    day = models.DateField(_("day"))
    occasion = models.OneToOneField(
        "marketplace.Occasion", on_delete=models.CASCADE, related_name="hub_time"
    )

    class Meta:
        verbose_name = _("opening day")
        verbose_name_plural = _("opening days")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["opening", "day"], name="hub_time_once_per_day")
        ]

    def __str__(self):
        return f"{self.hub}, {self.day}"

    def get_absolute_url(self):
        return reverse("marketplace:hub_time", args=[self.hub.slug, self.pk])


class Shelf(models.Model):
    """A shelf with one kind of material. Its code opens the page where one says what one takes."""

    class Size(models.TextChoices):
        HANDFUL = "handful", _("A handful")
        BAG = "bag", _("A bag")
        BOX = "box", _("A box")

    KILOGRAMS: dict[str, Any] = {
        "max_digits": 7,
        "decimal_places": 3,
        "validators": [MinValueValidator(Decimal("0.001"))],
    }

    hub = models.ForeignKey(
        Hub, verbose_name=_("hub"), on_delete=models.CASCADE, related_name="shelves"
    )
    name = models.CharField(_("name"), max_length=60)
    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="shelves",
    )
    listing = models.OneToOneField(
        "marketplace.MaterialListing", on_delete=models.PROTECT, related_name="shelf"
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    handful_kg = models.DecimalField(_("a handful weighs, in kg"), **KILOGRAMS)
    bag_kg = models.DecimalField(_("a bag weighs, in kg"), **KILOGRAMS)
    box_kg = models.DecimalField(_("a box weighs, in kg"), **KILOGRAMS)

    class Meta:
        verbose_name = _("shelf")
        verbose_name_plural = _("shelves")
        ordering = [by_name()]
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "name"],
                name="shelf_name_once_per_hub",
                violation_error_message=_("There is a shelf with that name already."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("marketplace:shelf", args=[self.token])

    def kilograms(self, size):
        return {"handful": self.handful_kg, "bag": self.bag_kg, "box": self.box_kg}[size]

    @property
    def left_kg(self):
        """What is there, as far as the portal knows, in kg."""
        stock = getattr(self.listing, "stock", None)
        return stock.left if stock else Decimal(0)

    @property
    def portions(self):
        """[(size, its words, kilograms)], the smallest first."""
        return [(size, size.label, self.kilograms(size)) for size in self.Size]


class Scan(models.Model):
    """Something taken from a shelf by a tap. The key lets the same tap count once."""

    UNDO_MINUTES = 15

    key = models.UUIDField(_("key"), unique=True)
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="scans")
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="hub_scans",
    )
    card = models.ForeignKey(
        HubCard, null=True, blank=True, on_delete=models.SET_NULL, related_name="scans"
    )
    taken_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    size = models.CharField(_("size"), max_length=10, choices=Shelf.Size.choices)
    mass_kg = models.DecimalField(_("mass in kg"), **QUANTITY)
    taken_at = models.DateTimeField(_("taken"), default=timezone.now)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ["-recorded_at", "-pk"]

    def __str__(self):
        return f"{self.shelf}: {self.mass_kg} kg"

    @property
    def can_be_undone(self):
        waited = timezone.now() - self.recorded_at
        return self.undone_at is None and waited.total_seconds() < self.UNDO_MINUTES * 60


class MovementQuerySet(models.QuerySet):
    def taken_in(self):
        """The lots of shelves, the oldest first, each with what is left of it (`left_kg`)."""
        drawn = Coalesce(Sum("drawn__mass_kg"), Decimal(0), output_field=models.DecimalField())
        found = self.filter(type=Movement.Type.IN).annotate(left_kg=F("mass_kg") + drawn)
        return found.order_by("recorded_at", "pk")

    def sum_kg(self):
        """What the movements add up to: what lies on the shelves."""
        # SQLite adds up in floats.
        return rounded(self.aggregate(sum=Sum("mass_kg"))["sum"] or Decimal(0), GRAM)


class Movement(models.Model):
    """Kilograms that came to a shelf or left it. Rows are added and never changed.

    What left it and changed hands has its row of the ledger; a shelf holds the sum of its rows.
    """

    class Type(models.TextChoices):
        IN = "in", _("Taken in")
        OUT = "out", _("Taken")
        BACK = "back", _("Put back or corrected")
        LOST = "lost", _("Missing when it was counted")

    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="movements")
    type = models.CharField(_("kind"), max_length=4, choices=Type.choices)
    mass_kg = models.DecimalField(_("mass in kg"), **QUANTITY)
    origin = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("where it came from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hub_movements",
    )
    lot = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="drawn"
    )
    scan = models.ForeignKey(
        Scan, null=True, blank=True, on_delete=models.PROTECT, related_name="movements"
    )
    handover = models.OneToOneField(
        "marketplace.Handover",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hub_movement",
    )
    key = models.UUIDField(null=True, blank=True, unique=True)
    reason = models.CharField(
        _("why it was counted differently"), max_length=200, blank=True, default="", db_default=""
    )
    recorded_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)

    objects = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement at a hub")
        verbose_name_plural = _("movements at hubs")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(type="in", mass_kg__gt=0, lot=None)
                | ~Q(type="in") & Q(lot__isnull=False),
                name="movement_comes_in_or_from_a_lot",
            )
        ]

    def __str__(self):
        return f"{self.shelf}: {self.mass_kg} kg"
