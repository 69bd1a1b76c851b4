"""The ledger: what changed hands."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.handovers.errors import LedgerIsAppendOnly
from marketplace.materials.units import QUANTITY, Unit


class HandoverQuerySet(models.QuerySet):
    """Reads of the ledger. Rows are added by `services` and never changed."""

    def in_period(self, start, end):
        """Handovers on the days `start` to `end`, both included, Swedish time."""
        return self.filter(handed_over_on__gte=start, handed_over_on__lte=end)

    def received_in(self, municipalities):
        return self.filter(receiver_municipality__in=municipalities)

    def touching(self, municipalities):
        return self.filter(
            Q(receiver_municipality__in=municipalities) | Q(giver_municipality__in=municipalities)
        )

    def standing(self):
        """Rows that still hold: neither reversed nor reversals."""
        reversals = Handover.objects.filter(reverses=OuterRef("pk"))
        return self.filter(~Exists(reversals), reverses=None)

    def as_it_stands(self):
        """What people read after corrections: rows that hold, and reversals of all there was."""
        replaced = Handover.objects.filter(replaces=OuterRef("reverses"))
        return self.standing() | self.filter(~Exists(replaced), reverses__isnull=False)

    def totals(self):
        """Sums over the rows: mass_kg, co2e_kg, value_sek, purchase_avoided_sek (Decimal)."""
        sums = self.aggregate(
            mass_kg=Sum("mass_kg"),
            co2e_kg=Sum("co2e_kg"),
            value_sek=Sum("value_sek"),
            purchase_avoided_sek=Sum("purchase_avoided_sek"),
        )
        return {name: value or Decimal(0) for name, value in sums.items()}

    def update(self, **fields):
        raise LedgerIsAppendOnly

    def delete(self):
        raise LedgerIsAppendOnly


class Handover(models.Model):
    """A row of the ledger: this much went from a giver to a receiver on a day.

    Append-only. A correction is a row that reverses the wrong one (negative amounts) and, where
    something did change hands, a new row with the right amounts. It keeps the factor, the price
    and the municipalities of its day, so that history does not move when they do.
    """

    class WouldHaveBought(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    # The part of the material's price that counts as an avoided purchase. "Partly" is counted as
    # half, as agreed for the project's key figures.
    AVOIDED_SHARE: ClassVar[dict[str, Decimal]] = {
        WouldHaveBought.YES: Decimal(1),
        WouldHaveBought.PARTLY: Decimal("0.5"),
        WouldHaveBought.NO: Decimal(0),
    }

    reservation = models.ForeignKey(
        "marketplace.Reservation",
        verbose_name=_("reservation"),
        on_delete=models.PROTECT,
        related_name="handovers",
        null=True,
        blank=True,
    )
    listing = models.ForeignKey(
        "marketplace.MaterialListing",
        verbose_name=_("listing"),
        on_delete=models.PROTECT,
        related_name="handovers",
    )
    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="handovers",
    )
    giver = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("giver"),
        on_delete=models.PROTECT,
        related_name="handovers_given",
    )
    receiver = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("receiver"),
        on_delete=models.PROTECT,
        related_name="handovers_received",
    )
    giver_municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("giver's municipality"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    receiver_municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("receiver's municipality"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    handed_over_on = models.DateField(_("day"), db_index=True)
    quantity = models.DecimalField(_("quantity"), **QUANTITY)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices)
    mass_kg = models.DecimalField(_("mass in kg"), **QUANTITY)
    is_weighed = models.BooleanField(
        _("weighed"),
        default=False,
        db_default=False,
        help_text=_(
            "Otherwise the mass was worked out from the giver's estimate of what one weighs."
        ),
    )
    kgco2e_per_kg = models.DecimalField(_("kg CO2e per kg"), max_digits=9, decimal_places=4)
    co2e_kg = models.DecimalField(_("kg CO2e avoided"), max_digits=14, decimal_places=3)
    sek_per_kg = models.DecimalField(_("SEK per kg"), max_digits=9, decimal_places=2)
    value_sek = models.DecimalField(_("value in SEK"), max_digits=14, decimal_places=2)
    factor_source = models.CharField(_("source of the factor"), max_length=255)
    factor_source_year = models.PositiveSmallIntegerField(_("year of the source"))
    would_have_bought = models.CharField(
        _("would otherwise have been bought"),
        max_length=10,
        choices=WouldHaveBought.choices,
        blank=True,
    )
    purchase_avoided_sek = models.DecimalField(
        _("purchase avoided in SEK"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    stated_cost_sek = models.DecimalField(
        _("cost stated by the receiver in SEK"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("What buying it would have cost; empty where it was taken from the price."),
    )
    reverses = models.OneToOneField(
        "self",
        verbose_name=_("reverses"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reversed_by",
    )
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    revaluation = models.ForeignKey(
        "marketplace.Revaluation",
        verbose_name=_("revaluation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rows",
    )
    reason = models.CharField(_("reason for the correction"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-handed_over_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(reverses=None, mass_kg__gte=0, quantity__gt=0)
                    | Q(reverses__isnull=False, mass_kg__lte=0, quantity__lt=0)
                ),
                name="handover_mass_not_negative",
                violation_error_message=_("Kilograms cannot be negative."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["receiver_municipality", "handed_over_on"], name="handover_receiver_day"
            ),
        ]

    def __str__(self):
        return f"{self.handed_over_on}: {self.giver} → {self.receiver}, {self.mass_kg} kg"

    def save(self, *args, **kwargs):
        if self.pk and not kwargs.get("force_insert"):
            raise LedgerIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise LedgerIsAppendOnly

    @property
    def is_reversal(self):
        return self.reverses_id is not None
