"""Purchases of new material, as reported by schools and services."""

from collections.abc import Iterable
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Organisation
from portal.foundation.collation import by_name


class PurchaseReportQuerySet(models.QuerySet):
    def of_organisation(self, organisation: Organisation) -> "PurchaseReportQuerySet":
        return self.filter(organisation=organisation)

    def of_term(self, year: int, term: str) -> "PurchaseReportQuerySet":
        return self.filter(year=year, term=term)

    def reported_in(self, municipalities: Iterable[Municipality | int]) -> "PurchaseReportQuerySet":
        return self.filter(municipality__in=municipalities)


class CorrectionIsAppendOnly(Exception):
    """Corrections are history, and cannot be changed."""


class PurchaseReport(models.Model):
    """What a school or service bought of a category in a term.

    Reported in kilograms, kronor or both. A missing value is estimated from the category's price
    and marked as such.
    """

    class Term(models.TextChoices):
        SPRING = "vt", _("Spring term")
        AUTUMN = "ht", _("Autumn term")

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="purchase_reports",
    )
    municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000)])
    term = models.CharField(_("term"), max_length=2, choices=Term.choices)
    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("material"),
        on_delete=models.PROTECT,
        related_name="purchase_reports",
    )
    mass_kg = models.DecimalField(
        _("kilograms"), max_digits=12, decimal_places=3, validators=[MinValueValidator(0)]
    )
    cost_sek = models.DecimalField(
        _("cost in SEK"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    mass_estimated = models.BooleanField(_("kilograms computed from the cost"), default=False)
    cost_estimated = models.BooleanField(_("cost computed from the kilograms"), default=False)
    reported_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reported_at = models.DateTimeField(_("reported"), default=timezone.now)

    objects = PurchaseReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase report")
        verbose_name_plural = _("purchase reports")
        ordering = ["-year", "term", by_name("organisation__name"), by_name("category__name")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "term", "category"],
                name="purchase_once_per_term_and_category",
                violation_error_message=_("This material is already in the report of that term."),
            ),
            models.CheckConstraint(
                condition=Q(mass_kg__gte=0) & Q(cost_sek__gte=0),
                name="purchase_not_negative",
                violation_error_message=_("Kilograms and cost cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.term}{self.year}: {self.category}"


class PurchaseCorrectionQuerySet(models.QuerySet):
    """A queryset that refuses to change corrections; `services` only adds them."""

    def update(self, **fields: Any) -> int:
        # Merging moves them to the organisation that goes on, and erasing empties who it was.
        if fields.keys() - {"organisation", "organisation_id", "corrected_by", "report"}:
            raise CorrectionIsAppendOnly
        return super().update(**fields)


class PurchaseCorrection(models.Model):
    """The values of a reported purchase before and after a correction, and the reason.

    It repeats what identifies the purchase, which is deleted if a new report leaves it out.
    """

    report = models.ForeignKey(
        PurchaseReport,
        verbose_name=_("purchase report"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="corrections",
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    year = models.PositiveSmallIntegerField(_("year"))
    term = models.CharField(_("term"), max_length=2, choices=PurchaseReport.Term.choices)
    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("material"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    mass_kg_before = models.DecimalField(_("kilograms before"), max_digits=12, decimal_places=3)
    cost_sek_before = models.DecimalField(_("cost before in SEK"), max_digits=14, decimal_places=2)
    mass_kg = models.DecimalField(_("kilograms"), max_digits=12, decimal_places=3)
    cost_sek = models.DecimalField(_("cost in SEK"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason for the correction"), max_length=300)
    corrected_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("corrected by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    corrected_at = models.DateTimeField(_("corrected"), default=timezone.now)

    objects = PurchaseCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of a purchase")
        verbose_name_plural = _("corrections of purchases")
        ordering = ["-corrected_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mass_kg__gte=0) & Q(cost_sek__gte=0),
                name="corrected_purchase_not_negative",
                violation_error_message=_("Kilograms and cost cannot be negative."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="corrected_purchase_has_reason",
                violation_error_message=_("Write why it is corrected."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.term}{self.year}: {self.category}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and not kwargs.get("force_insert"):
            raise CorrectionIsAppendOnly
        super().save(*args, **kwargs)
