"""What search reads: one flat row per searchable thing and language (see docs/decisions/0003)."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelsearch.queryset import SearchableQuerySetMixin
from wagtail.search import index

from marketplace.materials.carrying import CarriedBy, Carrying
from marketplace.materials.units import format_quantity


class SearchEntryQuerySet(SearchableQuerySetMixin, models.QuerySet):
    def visible(self, day: date | None = None) -> "SearchEntryQuerySet":
        """What may be found today: not removed, and not past its last day."""
        day = day or timezone.localdate()
        return self.filter(removed=False).filter(
            Q(available_until=None) | Q(available_until__gte=day)
        )

    def in_language(self, language: str) -> "SearchEntryQuerySet":
        """Pages in `language`; what organisations write whatever its writer's language is."""
        return self.filter(Q(type__in=SearchEntry.WRITTEN_BY_ORGANISATIONS) | Q(language=language))

    def for_cards(self) -> "SearchEntryQuerySet":
        """What a list of cards shows of them, and no more. Pictures: see `search.pictures`."""
        # An image without its measures would ask for them.
        image = ("image__file", "image__width", "image__height")
        return self.select_related("image").only(*SearchEntry.ON_CARDS, *image)

    def pending_index(self) -> "SearchEntryQuerySet":
        """What Elasticsearch has not got yet, in the order in which it changed."""
        return self.exclude(version=F("indexed_version")).order_by("changed_at", "pk")


class SearchEntry(index.Indexed, models.Model):
    """A searchable thing as both engines see it. Rebuilt from its source whenever that changes.

    `version` counts the changes and `indexed_version` is the one that Elasticsearch has confirmed,
    so what waits to be indexed is a query, and survives any crash. Something that disappeared is
    kept as `removed` until Elasticsearch knows.
    """

    class Type(models.TextChoices):
        MATERIAL = "material", _("Material")
        LESSON = "lektion", _("Lesson idea")
        COLLECTION = "samling", pgettext_lazy("one hit", "Collection")
        TIP = "tips", pgettext_lazy("one hit", "Tip")
        ARTICLE = "artikel", _("Article")
        STORY = "berattelse", _("Story")
        CAMPAIGN = "kampanj", _("Campaign")
        EVENT = "handelse", _("Event")
        WANTED = "efterlysning", pgettext_lazy("one hit", "Wanted")

    EXCHANGE_TYPES = [Type.MATERIAL, Type.WANTED]
    # Of one municipality, and in one language for all readers.
    WRITTEN_BY_ORGANISATIONS = [*EXCHANGE_TYPES, Type.TIP]
    # What answers first when somebody says what they want to do.
    IDEAS = [Type.LESSON, Type.COLLECTION, Type.TIP]
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
        *("type", "object_id", "language", "title", "summary", "body", "url", "illustration"),
        *("categories", "municipality", "unit", "left", "latitude", "longitude"),
        *("carried_by", "part_carried_by"),
        "safety",
    ]

    type = models.CharField(max_length=12, choices=Type.choices, db_column="kind")
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
    organisation_type = models.CharField(max_length=20, blank=True, db_column="organisation_kind")
    unit = models.CharField(max_length=10, blank=True)
    # From which age it suits children, by the rules of safety; None where that is not known.
    fits_from_age = models.PositiveSmallIntegerField(null=True, blank=True)
    # What the rules judge material by (`marketplace.safety.answers.Answers`).
    safety = models.JSONField(default=list, db_default=[], blank=True)
    delivery = models.BooleanField(default=False)
    # What one has to come with: for all that is left, and for the least that one may take.
    carried_by = models.CharField(max_length=10, blank=True, default="", db_default="")
    part_carried_by = models.CharField(max_length=10, blank=True, default="", db_default="")
    subjects = models.JSONField(default=list, blank=True)
    age_groups = models.JSONField(default=list, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # Until then only the giver's own municipality finds it.
    open_to_all_at = models.DateTimeField(null=True, blank=True)
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
                fields=["type", "object_id", "language"], name="search_entry_once_per_language"
            )
        ]
        indexes = [
            models.Index(fields=["type", "removed", "-published_at"], name="search_entry_newest"),
            models.Index(
                fields=["changed_at"],
                condition=~Q(version=F("indexed_version")),
                name="search_entry_behind",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def amount(self) -> str:
        """How much of it is left, as people say it, or empty."""
        return format_quantity(self.left, self.unit) if self.left is not None else ""

    def is_held(self, now: datetime) -> bool:
        """Whether only its own municipality finds it yet."""
        return self.open_to_all_at is not None and self.open_to_all_at > now

    @property
    def carrying(self) -> str:
        """What it takes to fetch it, in a few words, or empty."""
        if not self.carried_by:
            return ""
        return str(Carrying(CarriedBy(self.carried_by), CarriedBy(self.part_carried_by)).words)

    @property
    def place(self) -> tuple[float, float] | None:
        """(latitude, longitude), or None."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    @property
    def document_id(self) -> str:
        """The same thing's name in Elasticsearch."""
        return f"{self.type}-{self.object_id}-{self.language}"

    search_fields = [
        index.SearchField("title_terms"),
        index.SearchField("category_terms"),
        index.SearchField("parent_terms"),
        index.SearchField("keyword_terms"),
        index.SearchField("summary_terms"),
        index.SearchField("body_terms"),
        index.FilterField("type"),
        index.FilterField("language"),
        index.FilterField("removed"),
        index.FilterField("available_until"),
    ]


class SearchWord(models.Model):
    """A word that occurs in what can be found, or did once. Misspelt questions are held to it."""

    word = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.word
