from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable, Site
from wagtail.search import index

from portal.foundation.collation import by_name
from portal.foundation.coordinates import in_sweden


class MunicipalityQuerySet(models.QuerySet):
    def for_site(self, site):
        """The municipalities that take part in `site`; all of them when none is chosen."""
        if site is None:
            return self
        choices = ParticipationSettings.municipalities.through.objects
        chosen = choices.filter(participationsettings__site=site)
        return self.filter(Q(pk__in=chosen.values("municipality")) | ~Exists(chosen))

    def pks(self, chosen: Collection[int | None] | None = None) -> list[int]:
        """The keys of `chosen`, or of all where nothing is chosen."""
        if chosen is None:
            return list(self.values_list("pk", flat=True))
        return [each for each in chosen if each is not None]


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

    contact_name = models.CharField(
        _("contact person"), max_length=120, blank=True, db_default="", default=""
    )
    contact_email = models.EmailField(_("contact e-mail"), blank=True, db_default="", default="")
    contact_phone = models.CharField(
        _("contact telephone"), max_length=30, blank=True, db_default="", default=""
    )
    transport = models.TextField(
        _("how material is carried"),
        blank=True,
        max_length=600,
        db_default="",
        default="",
        help_text=_(
            "What people who collect material here should know: who drives, on which "
            "days, and who to call. Shown beside an agreed pickup."
        ),
    )

    own_first_days = models.PositiveSmallIntegerField(
        _("days reserved for our own services"),
        default=3,
        db_default=3,
        validators=[MaxValueValidator(30)],
        help_text=_(
            "What the municipality's own schools and services give away is shown "
            "only to its own services for this many days, and then to everybody. "
            "With 0, everybody sees it at once."
        ),
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = [by_name()]
        constraints = [
            models.CheckConstraint(
                condition=in_sweden(),
                name="municipality_in_sweden",
                violation_error_message=_(
                    "That is not in Sweden. Write latitude (55–69) and longitude (10–24)."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    panels = [
        FieldPanel("name", permission="superuser"),
        FieldPanel("code", permission="superuser"),
        FieldPanel("slug", permission="superuser"),
        FieldPanel("latitude", permission="superuser"),
        FieldPanel("longitude", permission="superuser"),
        FieldPanel("population", permission="superuser"),
        FieldPanel("population_year", permission="superuser"),
        MultiFieldPanel(
            [
                FieldPanel("contact_name"),
                FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
            ],
            _("Who to ask here"),
        ),
        FieldPanel("transport"),
        FieldPanel("own_first_days"),
        InlinePanel("goals", label=_("Goal"), heading=_("Goals per year")),
        InlinePanel("email_domains", label=_("E-mail domain"), heading=_("Approved domains")),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        # Coordinators search among theirs only.
        index.FilterField("id"),
        # What the list in the admin is sorted by.
        index.FilterField("name"),
        index.FilterField("code"),
        index.FilterField("population"),
    ]


class MunicipalityGoal(Orderable):
    """How much material a municipality wants brokered in a calendar year."""

    municipality = ParentalKey(Municipality, on_delete=models.CASCADE, related_name="goals")
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000)])
    kg = models.PositiveIntegerField(_("goal in kg"))

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


# Anybody gets an address here, so that one says nothing about where somebody works.
OPEN_DOMAINS = {
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.se",
    "icloud.com",
    "live.se",
    "me.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "telia.com",
    "yahoo.com",
    "yahoo.se",
}


def validate_not_for_everybody(domain: str) -> None:
    """Refuse domains where anybody can get an address."""
    if domain in OPEN_DOMAINS:
        raise ValidationError(
            _("Anybody can get an address there, so it does not show who works for you.")
        )


class EmailDomain(Orderable):
    """A domain whose addresses belong to the municipality's own staff, such as "klippan.se"."""

    municipality = ParentalKey(Municipality, on_delete=models.CASCADE, related_name="email_domains")
    domain = models.CharField(
        _("domain"),
        max_length=120,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", _("Write it as klippan.se, without @.")),
            validate_not_for_everybody,
        ],
        help_text=_(
            "People with an e-mail address here can join the municipality's schools and preschools "
            "without waiting for approval."
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
        help_text=_("If left empty, all municipalities take part."),
    )

    panels = [FieldPanel("municipalities")]

    class Meta:
        verbose_name = _("participating municipalities")


def site_of(*places: Municipality | None) -> Site | None:
    """The site that one of `places` was chosen for, the default one first; None where none was."""
    chosen = ParticipationSettings.objects.filter(municipalities__in=filter(None, places))
    found = chosen.select_related("site").order_by("-site__is_default_site", "site").first()
    return found and found.site
