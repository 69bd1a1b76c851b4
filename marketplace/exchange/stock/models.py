"""How much there is of a listing."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.materials.units import QUANTITY, Unit, format_quantity


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
                violation_error_message=_("More has been reserved or collected than there is."),
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
