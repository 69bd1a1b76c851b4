from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RevaluationQuerySet(models.QuerySet):
    def standing(self) -> "RevaluationQuerySet":
        return self.filter(reverted_at=None)


class Revaluation(models.Model):
    """A recalculation of the handovers of some days with other factors, and why.

    The ledger holds the rows: each handover that got another value is reversed and followed by one
    that names this revaluation. Reverting adds rows in the same way, so nothing is ever lost.
    """

    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("material"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("made by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    handovers = models.PositiveIntegerField(_("handovers"))
    co2e_change_kg = models.DecimalField(_("change in kg CO2e"), max_digits=14, decimal_places=3)
    value_change_sek = models.DecimalField(
        _("change of the value in SEK"), max_digits=14, decimal_places=2
    )
    avoided_change_sek = models.DecimalField(
        _("change of purchases avoided in SEK"), max_digits=14, decimal_places=2
    )
    reverted_at = models.DateTimeField(_("reverted"), null=True, blank=True)
    reverted_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("reverted by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    revert_reason = models.CharField(_("reason for reverting"), max_length=300, blank=True)

    objects = RevaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("revaluation")
        verbose_name_plural = _("revaluations")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="revaluation_days_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}: {self.reason}"
