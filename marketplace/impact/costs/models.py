from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import RevisionMixin


class CostSharing(RevisionMixin, ClusterableModel):
    """How the municipalities share what the portal costs to run in a year.

    Every change is a revision: the history says who agreed on what, and when.
    """

    class Basis(models.TextChoices):
        POPULATION = "population", _("By population")
        MASS = "mass", _("By kilograms received in the year")

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(2000)]
    )
    cost_sek = models.DecimalField(
        _("running cost of the year in SEK"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
    )
    fixed_sek = models.DecimalField(
        _("of which fixed, in SEK"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Shared equally. The rest is shared as chosen below."),
    )
    basis = models.CharField(
        _("the rest is shared"), max_length=10, choices=Basis.choices, default=Basis.POPULATION
    )
    municipalities = ParentalManyToManyField(
        "marketplace.Municipality",
        verbose_name=_("municipalities"),
        blank=True,
        help_text=_("Those that pay. If left empty, all that take part in the portal do."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    panels = [
        FieldPanel("year"),
        FieldRowPanel([FieldPanel("cost_sek"), FieldPanel("fixed_sek")]),
        FieldPanel("basis"),
        FieldPanel("municipalities"),
        FieldPanel("note"),
    ]

    class Meta:
        verbose_name = _("cost sharing")
        verbose_name_plural = _("cost sharing")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fixed_sek__gte=0) & Q(cost_sek__gte=F("fixed_sek")),
                name="cost_fixed_part_within_cost",
                violation_error_message=_("The fixed part cannot be more than the whole cost."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def clean(self) -> None:
        if (
            self.cost_sek is not None
            and self.fixed_sek is not None
            and self.fixed_sek > self.cost_sek
        ):
            raise ValidationError(
                {"fixed_sek": _("The fixed part cannot be more than the whole cost.")}
            )
