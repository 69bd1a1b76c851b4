"""What nobody took: what its giver was asked at the end, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.materials.units import QUANTITY


class Unplaced(models.Model):
    """A listing that was not all taken in its time. Its giver is asked once."""

    class Answer(models.TextChoices):
        LONGER = "longer", _("It stays longer")
        HUB = "hub", _("We will take it to a hub")
        GONE = "gone", _("It has gone elsewhere")

    listing = models.OneToOneField(
        "marketplace.MaterialListing", on_delete=models.CASCADE, related_name="unplaced"
    )
    ended_on = models.DateField(_("last day"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True)
    answered_on = models.DateField(_("answered"), null=True, blank=True)
    mass_kg = models.DecimalField(
        _("not placed, in kg"),
        null=True,
        blank=True,
        help_text=_("Offered and gone elsewhere."),
        **QUANTITY,
    )

    class Meta:
        verbose_name = _("offered but not placed")
        verbose_name_plural = _("offered but not placed")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="gone", mass_kg__gte=0)
                | ~Q(answer="gone") & Q(mass_kg__isnull=True),
                name="unplaced_kilos_only_of_what_is_gone",
            )
        ]

    def __str__(self):
        return str(self.listing)
