from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable
from wagtail.search import index

from portal.collation import by_name


class MunicipalityQuerySet(models.QuerySet):
    def for_site(self, site):
        """The municipalities that take part in `site`; all of them when none is chosen."""
        chosen = ParticipationSettings.for_site(site).municipalities.all() if site else None
        return self.filter(pk__in=chosen) if chosen else self


class Municipality(index.Indexed, ClusterableModel):
    """One of the participating municipalities, by its official code (Statistics Sweden)."""

    code = models.CharField(
        _("code"),
        max_length=4,
        unique=True,
        validators=[RegexValidator(r"^\d{4}$", _("The code has four digits."))],
    )
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("slug"), unique=True)
    latitude = models.DecimalField(_("latitude of the centre"), max_digits=8, decimal_places=5)
    longitude = models.DecimalField(_("longitude of the centre"), max_digits=8, decimal_places=5)
    population = models.PositiveIntegerField(_("population"))
    population_year = models.PositiveSmallIntegerField(_("population counted in year"))
    coordinators = models.ManyToManyField(
        "portal.User",
        verbose_name=_("coordinators"),
        blank=True,
        related_name="coordinated_municipalities",
        help_text=_("They approve organisations here and see this municipality's figures only."),
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = [by_name()]

    def __str__(self):
        return self.name

    panels = [
        FieldPanel("name"),
        FieldPanel("code"),
        FieldPanel("slug"),
        FieldPanel("latitude"),
        FieldPanel("longitude"),
        FieldPanel("population"),
        FieldPanel("population_year"),
        InlinePanel("goals", label=_("Goal"), heading=_("Goals per year")),
        InlinePanel("email_domains", label=_("E-mail domain"), heading=_("Approved domains")),
        FieldPanel("coordinators"),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]


class MunicipalityGoal(Orderable):
    """How much material a municipality wants brokered in a calendar year."""

    DEFAULT_KG = 100

    municipality = ParentalKey(Municipality, on_delete=models.CASCADE, related_name="goals")
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000)])
    kg = models.PositiveIntegerField(_("goal in kg"), default=DEFAULT_KG)

    class Meta(Orderable.Meta):
        verbose_name = _("goal")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year"],
                name="goal_one_per_municipality_and_year",
                violation_error_message=_("There is already a goal for that year."),
            )
        ]

    def __str__(self):
        return f"{self.municipality} {self.year}: {self.kg} kg"


class EmailDomain(Orderable):
    """A domain whose addresses belong to the municipality's own staff, such as "klippan.se"."""

    municipality = ParentalKey(Municipality, on_delete=models.CASCADE, related_name="email_domains")
    domain = models.CharField(
        _("domain"),
        max_length=120,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", _("Write it like klippan.se, without @.")
            )
        ],
        help_text=_(
            "Whoever has an address here joins the municipality's schools without waiting."
        ),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("e-mail domain")

    def __str__(self):
        return self.domain


@register_setting(icon="group")
class ParticipationSettings(BaseSiteSetting, ClusterableModel):
    """Which municipalities take part in a site."""

    municipalities = models.ManyToManyField(
        Municipality,
        verbose_name=_("municipalities"),
        blank=True,
        help_text=_("Left empty, all municipalities take part."),
    )

    panels = [FieldPanel("municipalities")]

    class Meta:
        verbose_name = _("participating municipalities")
