from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from portal import drawings
from portal.collation import by_name


def translated_name(path=""):
    """An expression: what the category at `path` (such as "category__") is called in the reader's
    language, or in its own where it has no translation."""
    translations = MaterialCategory.objects.filter(
        translation_key=OuterRef(f"{path}translation_key"), locale__language_code=get_language()
    )
    return Coalesce(Subquery(translations.values("name")[:1]), F(f"{path}name"))


class MaterialCategoryQuerySet(models.QuerySet):
    def source(self):
        """The rows that listings refer to: one per category, in the site's main language."""
        return self.filter(locale__language_code=Locale.get_default().language_code)

    def roots(self):
        return self.filter(parent=None)

    def names(self):
        """{pk of a category in the main language: its name in the reader's language}."""
        return dict(self.source().values_list("pk", translated_name()))

    def with_descendants(self, *, slugs):
        """The source categories with these slugs and everything below them."""
        children = {}
        chosen = set()
        for pk, slug, parent_id in self.source().values_list("pk", "slug", "parent_id"):
            children.setdefault(parent_id, []).append(pk)
            if slug in slugs:
                chosen.add(pk)
        waiting = list(chosen)
        while waiting:
            below = set(children.get(waiting.pop(), ())) - chosen
            chosen |= below
            waiting.extend(below)
        return self.filter(pk__in=chosen)


class MaterialCategory(TranslatableMixin, index.Indexed, models.Model):
    """A kind of material. Translations are rows of their own that share a translation key.

    Listings, factors and the tree use the row in the main language; other languages only name it.
    """

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=60)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    icon = models.SlugField(
        _("illustration"),
        max_length=60,
        blank=True,
        help_text=_("Name of the drawing shown where a photograph is missing."),
    )
    weight_hint = models.CharField(
        _("help for guessing the weight"),
        max_length=200,
        blank=True,
        help_text=_("Shown in the offer form, such as “One sheet of A4 weighs about 5 g”."),
    )

    objects = MaterialCategoryQuerySet.as_manager()

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("material category")
        verbose_name_plural = _("material categories")
        ordering = [by_name()]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "slug"],
                name="category_slug_unique_per_language",
                violation_error_message=_("There is already a category with this slug."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def illustration(self):
        """The slug of the drawing to show: its own, or that of the category above."""
        if self.icon or not self.parent_id or drawings.exists(self.slug):
            return self.icon or self.slug
        return self.parent.illustration

    def factor_on(self, day: date):
        """The `ClimateFactor` in force on `day`: this category's own or the nearest one above.

        None when no factor has been set by then.
        """
        factor = self.factors.filter(valid_from__lte=day).order_by("-valid_from").first()
        if factor is None and self.parent_id:
            return self.parent.factor_on(day)
        return factor

    @property
    def current_factor(self):
        return self.factor_on(timezone.localdate())

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("parent"),
        FieldPanel("icon"),
        FieldPanel("weight_hint"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]
    override_translatable_fields = [
        TranslatableField("name"),
        TranslatableField("weight_hint"),
        SynchronizedField("slug"),
        SynchronizedField("parent"),
        SynchronizedField("icon"),
    ]


class ClimateFactor(models.Model):
    """What a kilogram of a category is worth to climate and purse, from a day on.

    Factors are versions: a new one is added, an old one is kept, and handovers store the numbers
    they were computed with.
    """

    # What the reference data write as the source of a number that is nobody else's.
    OWN_ESTIMATE = "estimate"

    category = models.ForeignKey(
        MaterialCategory,
        verbose_name=_("category"),
        on_delete=models.CASCADE,
        related_name="factors",
        limit_choices_to=Q(locale__language_code="sv"),
    )
    valid_from = models.DateField(_("valid from"), default=date(2020, 1, 1))
    kgco2e_per_kg = models.DecimalField(
        _("kg CO2e per kg"),
        max_digits=9,
        decimal_places=4,
        validators=[MinValueValidator(0)],
        help_text=_("Emissions of producing one kilogram of new material, cradle to gate."),
    )
    sek_per_kg = models.DecimalField(
        _("SEK per kg"),
        max_digits=9,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        help_text=_("What one kilogram would cost to buy new."),
    )
    source = models.CharField(_("source"), max_length=255)
    source_year = models.PositiveSmallIntegerField(_("year of the source"))
    verified = models.BooleanField(
        _("checked against the source"),
        default=False,
        help_text=_("Somebody has compared the number with the published source."),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    panels = [
        FieldPanel("category"),
        FieldPanel("valid_from"),
        FieldPanel("kgco2e_per_kg"),
        FieldPanel("sek_per_kg"),
        FieldPanel("source"),
        FieldPanel("source_year"),
        FieldPanel("verified"),
        FieldPanel("note"),
    ]

    class Meta:
        verbose_name = _("climate factor")
        verbose_name_plural = _("climate factors")
        ordering = [by_name("category__name"), "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "valid_from"],
                name="factor_one_per_category_and_day",
                violation_error_message=_("There is already a factor from that day."),
            ),
            models.CheckConstraint(
                condition=Q(kgco2e_per_kg__gte=0) & Q(sek_per_kg__gte=0),
                name="factor_not_negative",
                violation_error_message=_("Factor and price cannot be negative."),
            ),
        ]

    def __str__(self):
        return f"{self.category}: {self.kgco2e_per_kg} kg CO2e/kg ({self.valid_from})"

    @property
    def source_name(self):
        """The source in the reader's language, as far as it has one."""
        return _("our own estimate") if self.source == self.OWN_ESTIMATE else self.source
