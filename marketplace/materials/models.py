from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from marketplace.materials.carrying import CarryClass
from marketplace.materials.properties import Property
from marketplace.translations.source import InOtherLanguages
from portal.foundation.collation import by_name
from portal.foundation.drawings import exists
from portal.foundation.form_fields import TickBoxes
from portal.foundation.page_cache.values import kept


def translated_name(path=""):
    """An expression: what the category at `path` (such as "category__") is called in the reader's
    language, or in its own where it has no translation."""
    translations = MaterialCategory.objects.filter(
        translation_key=OuterRef(f"{path}translation_key"), locale__language_code=get_language()
    )
    return Coalesce(Subquery(translations.values("name")[:1]), F(f"{path}name"))


class MaterialCategoryForm(WagtailAdminModelForm):
    """Boxes to tick for the properties, which are kept as a list of codes."""

    properties = TickBoxes(
        label=_("properties"),
        choices=Property.choices,
        help_text=_("What it is like: who searches for something soft finds what is soft."),
    )


class MaterialCategoryQuerySet(models.QuerySet):
    def source(self):
        """The rows that listings refer to: one per category, in the site's main language."""
        language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
        return self.filter(locale__language_code=language)

    def roots(self):
        return self.filter(parent=None)

    def tree(self) -> list[tuple[int, str, int | None]]:
        """[(pk, slug, parent's pk)] of every category in the main language."""
        rows = self.source().values_list("pk", "slug", "parent")
        return kept("category_tree", lambda: list(rows), rows.query)

    def tops(self) -> dict[int, int]:
        """{pk of a category in the main language: pk of the one at the top of its branch}."""
        parents = {pk: parent for pk, _slug, parent in self.tree()}

        def top(pk: int) -> int:
            while above := parents[pk]:
                pk = above
            return pk

        return {pk: top(pk) for pk in parents}

    def names(self):
        """{pk of a category in the main language: its name in the reader's language}."""
        return dict(self.source().values_list("pk", translated_name()))

    def by_any_name(self):
        """{name in any language, or slug, in lower case: category in the main language}."""
        source = {each.translation_key: each for each in self.source()}
        names = {}
        every: models.QuerySet = self.all()
        for category in every:
            if own := source.get(category.translation_key):
                names[category.name.casefold()] = own
                names[category.slug] = own
        return names

    def with_descendants(self, *, slugs):
        """The source categories with these slugs and everything below them."""
        children: dict[int | None, list[int]] = {}
        chosen = set()
        for pk, slug, parent_id in MaterialCategory.objects.tree():
            children.setdefault(parent_id, []).append(pk)
            if slug in slugs:
                chosen.add(pk)
        waiting = list(chosen)
        while waiting:
            below = set(children.get(waiting.pop(), ())) - chosen
            chosen |= below
            waiting.extend(below)
        return self.filter(pk__in=chosen)


class MaterialCategory(InOtherLanguages, TranslatableMixin, index.Indexed, models.Model):
    """A kind of material. Translations are rows of their own that share a translation key.

    Listings, factors and the tree use the row in the main language; other languages only name it.
    What they name it is written and reviewed as a `TranslatedText`. Once the name in the main
    language changes, the old translation stays until a new one is published: a category is still
    the same category, and lists and filters would be half Swedish without it.
    """

    # Staff names categories, so that no organisation is asked or told.
    sent_by = None
    TITLE, TEXT = "name", "weight_hint"
    LONGEST_NAME = 100

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
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
    properties = models.JSONField(
        _("properties"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("What it is like: who searches for something soft finds what is soft."),
    )
    weight_hint = models.CharField(
        _("help for guessing the weight"),
        max_length=200,
        blank=True,
        help_text=_("Shown in the offer form, such as “One sheet of A4 weighs about 5 g”."),
    )

    carry_class = models.CharField(
        _("how it is carried"),
        max_length=10,
        choices=CarryClass.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "What you need to carry one, unless the giver says otherwise. If left "
            "empty, as for the category above."
        ),
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
    def language(self):
        return self.locale.language_code

    def words_in(self, language):
        row = self.get_translations().filter(locale__language_code=language).first()
        return row.source if row else super().words_in(language)

    @property
    def illustration(self):
        """The slug of the drawing to show: its own, or that of the category above."""
        if self.icon or exists(self.slug) or self.parent is None:
            return self.icon or self.slug
        return self.parent.illustration

    @property
    def usual_carry_class(self) -> str:
        """What one of it needs where nobody has said: its own, or that of the category above."""
        if self.carry_class or self.parent is None:
            return self.carry_class or CarryClass.BOX
        return self.parent.usual_carry_class

    def factor_on(self, day: date):
        """The `ClimateFactor` in force on `day`: this category's own or the nearest one above.

        None when no factor has been set by then.
        """
        way: list[int] = []
        category: MaterialCategory | None = self
        while category is not None:
            way.append(category.pk)
            category = category.parent
        factors = ClimateFactor.objects.filter(category__in=way, valid_from__lte=day)
        latest = {factor.category_id: factor for factor in factors.order_by("valid_from")}
        return next((latest[pk] for pk in way if pk in latest), None)

    @property
    def current_factor(self):
        return self.factor_on(timezone.localdate())

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("parent"),
        FieldPanel("icon"),
        FieldPanel("properties"),
        FieldPanel("weight_hint"),
        FieldPanel("carry_class"),
    ]
    base_form_class = MaterialCategoryForm
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
        # What the list in the admin is sorted by.
        index.FilterField("name"),
        index.FilterField("slug"),
    ]
    override_translatable_fields = [
        TranslatableField("name"),
        TranslatableField("weight_hint"),
        SynchronizedField("slug"),
        SynchronizedField("parent"),
        SynchronizedField("icon"),
        SynchronizedField("properties"),
        SynchronizedField("carry_class"),
    ]


FIRST_SOURCE = 1990
MOST_AHEAD = timedelta(days=366)


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
            models.CheckConstraint(
                condition=Q(source_year__gte=FIRST_SOURCE) & Q(source_year__lte=2100),
                name="factor_source_year_sensible",
                violation_error_message=_("Write the year of the source with four digits."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__gte=date(FIRST_SOURCE, 1, 1)),
                name="factor_valid_from_sensible",
                violation_error_message=_("Enter a first day in this century, or close to it."),
            ),
        ]

    def __str__(self):
        return f"{self.category}: {self.kgco2e_per_kg} kg CO2e/kg ({self.valid_from})"

    def clean(self):
        super().clean()
        today = timezone.localdate()
        if self.source_year and self.source_year > today.year:
            raise ValidationError({"source_year": _("That year has not come yet.")})
        if self.valid_from and self.valid_from > today + MOST_AHEAD:
            raise ValidationError({"valid_from": _("Choose a day within a year from now.")})
        if self.valid_from and self.valid_from > today and not self.others_in_force(today):
            raise ValidationError(
                {"valid_from": _("Until then the category would have no factor. Keep the old one.")}
            )

    def others_in_force(self, day):
        """Whether the category has another factor on `day`."""
        others = ClimateFactor.objects.filter(category=self.category_id, valid_from__lte=day)
        return others.exclude(pk=self.pk).exists()

    @classmethod
    def in_words(cls, source):
        """A source as the reference data and the ledger keep it, in the reader's language."""
        return _("our own estimate") if source == cls.OWN_ESTIMATE else source

    @property
    def source_name(self):
        return self.in_words(self.source)
