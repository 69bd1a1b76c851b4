"""What search reads: one flat row per searchable thing and language (see docs/decisions/0003)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelsearch.queryset import SearchableQuerySetMixin
from wagtail.models import PreviewableMixin
from wagtail.search import index

from marketplace.models.units import format_quantity
from search import synonyms


class SearchEntryQuerySet(SearchableQuerySetMixin, models.QuerySet):
    def visible(self, day=None):
        """What may be found today: not removed, and not past its last day."""
        day = day or timezone.localdate()
        return self.filter(removed=False).filter(
            Q(available_until=None) | Q(available_until__gte=day)
        )

    def in_language(self, language):
        """Pages in `language`; listings and wanted ads whatever their writer's language is."""
        return self.filter(Q(kind__in=SearchEntry.EXCHANGE_KINDS) | Q(language=language))

    def for_cards(self):
        """What a list of cards shows of them, and no more. Pictures: see `search.pictures`."""
        # An image without its measures would ask for them.
        image = ("image__file", "image__width", "image__height")
        return self.select_related("image").only(*SearchEntry.ON_CARDS, *image)

    def behind(self):
        """What Elasticsearch has not got yet, in the order in which it changed."""
        return self.exclude(version=F("indexed_version")).order_by("changed_at", "pk")


class SearchEntry(index.Indexed, models.Model):
    """A searchable thing as both engines see it. Rebuilt from its source whenever that changes.

    `version` counts the changes and `indexed_version` is the one that Elasticsearch has confirmed,
    so what waits to be indexed is a query, and survives any crash. Something that disappeared is
    kept as `removed` until Elasticsearch knows.
    """

    class Kind(models.TextChoices):
        MATERIAL = "material", _("Material")
        LESSON = "lektion", _("Lesson idea")
        ARTICLE = "artikel", _("Article")
        STORY = "berattelse", _("Story")
        CAMPAIGN = "kampanj", _("Campaign")
        WANTED = "efterlysning", _("Wanted")

    EXCHANGE_KINDS = [Kind.MATERIAL, Kind.WANTED]
    # Where text is looked for, and where its terms are kept.
    TERMS = {
        "title": "title_terms",
        "category_names": "category_terms",
        "parent_names": "parent_terms",
        "keywords": "keyword_terms",
        "summary": "summary_terms",
        "body": "body_terms",
    }

    ON_CARDS = [
        *("kind", "object_id", "language", "title", "summary", "body", "url", "illustration"),
        *("categories", "municipality", "unit", "left", "latitude", "longitude"),
    ]

    kind = models.CharField(max_length=12, choices=Kind.choices)
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    category_names = models.TextField(blank=True)
    parent_names = models.TextField(blank=True)
    keywords = models.TextField(blank=True)
    body = models.TextField(blank=True)
    # The words of the above as the database engine compares them, with a space at either end.
    title_terms = models.TextField(blank=True)
    category_terms = models.TextField(blank=True)
    parent_terms = models.TextField(blank=True)
    keyword_terms = models.TextField(blank=True)
    summary_terms = models.TextField(blank=True)
    body_terms = models.TextField(blank=True)
    url = models.CharField(max_length=500)
    image = models.ForeignKey(
        "portal.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    illustration = models.CharField(max_length=60, blank=True)
    # The category's slug and those above it.
    categories = models.JSONField(default=list, blank=True)
    municipality = models.CharField(max_length=60, blank=True)
    # Which Wagtail site a page is of; what is exchanged belongs to a municipality instead.
    site = models.PositiveIntegerField(null=True, blank=True)
    # Where it is fetched: the post town, as a slug and as people write it.
    area = models.CharField(max_length=60, blank=True)
    area_name = models.CharField(max_length=60, blank=True)
    condition = models.CharField(max_length=10, blank=True)
    organisation_kind = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=10, blank=True)
    suitable_from_age = models.PositiveSmallIntegerField(null=True, blank=True)
    delivery = models.BooleanField(default=False)
    subjects = models.JSONField(default=list, blank=True)
    age_groups = models.JSONField(default=list, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    available_from = models.DateField(null=True, blank=True)
    available_until = models.DateField(null=True, blank=True)
    left = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    photo_count = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField(default=timezone.now)
    removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    indexed_version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = SearchEntryQuerySet.as_manager()
    # Words are indexed together with the row (see `index`), many at a time.
    search_auto_update = False

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "language"], name="search_entry_once_per_language"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "removed", "-published_at"], name="search_entry_newest"),
            models.Index(
                fields=["changed_at"],
                condition=~Q(version=F("indexed_version")),
                name="search_entry_behind",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def amount(self):
        """How much of it is left, as people say it, or empty."""
        return format_quantity(self.left, self.unit) if self.left is not None else ""

    @property
    def place(self):
        """(latitude, longitude), or None."""
        return None if self.latitude is None else (self.latitude, self.longitude)

    @property
    def document_id(self):
        """The same thing's name in Elasticsearch."""
        return f"{self.kind}-{self.object_id}-{self.language}"

    search_fields = [
        index.SearchField("title_terms"),
        index.SearchField("category_terms"),
        index.SearchField("parent_terms"),
        index.SearchField("keyword_terms"),
        index.SearchField("summary_terms"),
        index.SearchField("body_terms"),
        index.FilterField("kind"),
        index.FilterField("language"),
        index.FilterField("removed"),
        index.FilterField("available_until"),
    ]


class SearchWord(models.Model):
    """A word that occurs in what can be found, or did once. Misspelt questions are held to it."""

    word = models.CharField(max_length=60, unique=True)

    def __str__(self):
        return self.word


class Synonym(PreviewableMixin, models.Model):
    """A rule of words that mean the same, or that lead to others, in force within a minute."""

    rule = models.CharField(
        _("rule"),
        max_length=500,
        help_text=_(
            "Words that mean the same, with commas between: tyg, textil, väv. Or words that lead "
            "to others, with an arrow: koja => wellpapp, papprör."
        ),
    )
    active = models.BooleanField(_("in force"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["rule"]

    def __str__(self):
        return self.rule

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        synonyms.forget()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        synonyms.forget()
        return deleted

    def clean(self):
        try:
            synonyms.parse(self.rule)
        except ValidationError as error:
            raise ValidationError({"rule": error.messages}) from error

    def serve_preview(self, request, mode_name):
        from search.previews import preview

        questions, errors = preview(self)
        return render(
            request,
            "search/admin/synonym_preview.html",
            {"questions": questions, "errors": errors, "synonym": self},
        )
