"""Sums of the ledger by month, so that figures of years need not read every row again."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

MASS: dict[str, Any] = {"max_digits": 16, "decimal_places": 3}
MONEY: dict[str, Any] = {"max_digits": 16, "decimal_places": 2}


class MonthSum(models.Model):
    """What the counted rows of a month add up to, for a municipality, a category and an answer.

    Counted are the rows up to `SumsMark.last_row`. The sums are those of `figures.AMOUNTS`.
    """

    # What the sums can be asked by, named like the fields of the ledger.
    FIELDS = ("month", "receiver_municipality", "category", "would_have_bought")

    month = models.DateField(_("month"))
    receiver_municipality = models.ForeignKey(
        "marketplace.Municipality", on_delete=models.CASCADE, related_name="+"
    )
    category = models.ForeignKey(
        "marketplace.MaterialCategory", on_delete=models.CASCADE, related_name="+"
    )
    would_have_bought = models.CharField(max_length=10, blank=True)
    mass_kg = models.DecimalField(**MASS)
    co2e_kg = models.DecimalField(**MASS)
    value_sek = models.DecimalField(**MONEY)
    purchase_avoided_sek = models.DecimalField(**MONEY)
    handovers = models.IntegerField()
    pieces = models.DecimalField(**MASS)
    from_company_kg = models.DecimalField(**MASS)
    from_service_kg = models.DecimalField(**MASS)
    to_company_kg = models.DecimalField(**MASS)
    to_service_kg = models.DecimalField(**MASS)

    class Meta:
        verbose_name = _("sum of a month")
        verbose_name_plural = _("sums of months")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "receiver_municipality", "category", "would_have_bought"],
                name="month_sum_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.mass_kg} kg"


class SumsMark(models.Model):
    """One row: the last row of the ledger that the sums of months count."""

    last_row = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("last row counted")

    def __str__(self) -> str:
        return str(self.last_row)
