"""Keeps `SearchEntry` true: builds the rows from listings, wanted ads and pages."""

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import override

from marketplace.models import MaterialCategory, MaterialListing, WantedAd

from . import analysis, vocabulary
from .models import SearchEntry

LANGUAGE_OF_LISTINGS = "sv"


@transaction.atomic
def refresh(kind, object_id):
    """Make the entries of one thing as it is now. Safe to run again, in any order."""
    found = {values["language"]: values for values in SOURCES[kind](object_id)}
    existing = {
        entry.language: entry
        for entry in SearchEntry.objects.select_for_update().filter(kind=kind, object_id=object_id)
    }
    for language, values in found.items():
        entry = existing.get(language) or SearchEntry(
            kind=kind, object_id=object_id, language=language, version=0
        )
        _write(entry, values | {"removed": False})
    for language in existing.keys() - found.keys():
        if not settings.ELASTICSEARCH_URL:
            existing[language].delete()
        elif not existing[language].removed:
            _write(existing[language], {"removed": True})


def refresh_all(kind=None, *, progress=None):
    """Rebuild every entry (of one kind). Returns how many things were looked at."""
    count = 0
    for each in [kind] if kind else SearchEntry.Kind.values:
        ids = set(IDS[each]())
        ids.update(SearchEntry.objects.filter(kind=each).values_list("object_id", flat=True))
        for object_id in sorted(ids):
            refresh(each, object_id)
            count += 1
            if progress and count % 500 == 0:
                progress(count)
    return count


def _write(entry, values):
    for name, value in values.items():
        setattr(entry, name, value)
    for text, terms in SearchEntry.TERMS.items():
        found = analysis.terms(getattr(entry, text), entry.language)
        setattr(entry, terms, f" {' '.join(found)} ")
    entry.changed_at = timezone.now()
    if entry.pk:
        entry.version = F("version") + 1
    else:
        entry.version = 1
    entry.save()
    if not entry.removed:
        vocabulary.learn(getattr(entry, text) for text in SearchEntry.TERMS)


def listing_values(pk):
    """The entry of a listing that can be asked for now or later; nothing otherwise."""
    listing = (
        MaterialListing.objects.available()
        .filter(pk=pk)
        .select_related("organisation__municipality", "category__parent", "stock")
        .prefetch_related("photos__image", "tagged_items__tag")
        .first()
    )
    if listing is None:
        return []
    latitude, longitude = listing.organisation.position
    return [
        {
            "language": LANGUAGE_OF_LISTINGS,
            "title": listing.title,
            **_words(listing, extra=[listing.colours]),
            "body": " ".join(
                filter(None, [listing.description, listing.dimensions, listing.organisation.name])
            ),
            "url": listing.get_absolute_url(),
            "image": listing.cover,
            "illustration": listing.category.illustration,
            "categories": category_path(listing.category),
            "municipality": listing.municipality.slug,
            "condition": listing.condition,
            "organisation_kind": listing.organisation.kind,
            **_area(listing.pickup_town or listing.organisation.town),
            "unit": listing.stock.unit,
            "left": listing.stock.left,
            "suitable_from_age": listing.suitable_from_age,
            "delivery": listing.delivery_offered,
            "latitude": float(latitude),
            "longitude": float(longitude),
            "available_from": listing.available_from,
            "available_until": listing.available_until,
            "photo_count": len(listing.photos.all()),
            "published_at": listing.first_published_at or listing.created_at,
        }
    ]


def wanted_values(pk):
    """The entry of an open wanted ad; nothing otherwise."""
    ad = (
        WantedAd.objects.open()
        .filter(pk=pk)
        .select_related("organisation__municipality", "category__parent")
        .prefetch_related("tagged_items__tag")
        .first()
    )
    if ad is None:
        return []
    latitude, longitude = ad.organisation.position
    return [
        {
            "language": LANGUAGE_OF_LISTINGS,
            "title": ad.title,
            **_words(ad),
            "body": ad.description,
            "url": ad.get_absolute_url(),
            "illustration": ad.category.illustration,
            "categories": category_path(ad.category),
            "municipality": ad.organisation.municipality.slug,
            "organisation_kind": ad.organisation.kind,
            **_area(ad.organisation.town),
            "unit": ad.unit,
            "latitude": float(latitude),
            "longitude": float(longitude),
            "available_until": ad.wanted_until,
            "published_at": ad.first_published_at or ad.created_at,
        }
    ]


def page_values(model_name):
    """A function that gives the entry of a live page of an inspiration page type."""

    def values(pk):
        page = apps.get_model("inspiration", model_name).objects.live().public().filter(pk=pk)
        page = page.select_related("locale", "cover").first()
        if page is None:
            return []
        with override(page.locale.language_code):
            extra = page.search_values()
        return [
            {
                "language": page.locale.language_code,
                "title": page.title,
                "summary": page.summary,
                "body": strip_tags(extra.pop("body", "")),
                "url": page.url or "",
                "image": page.cover,
                "published_at": page.first_published_at or timezone.now(),
                **extra,
            }
        ]

    return values


def _area(town):
    return {"area": slugify(town)[:60], "area_name": town[:60]}


def category_path(category):
    """The slug of a category and of all above it."""
    path = []
    while category is not None:
        path.append(category.slug)
        category = category.parent
    return path


def _words(thing, extra=()):
    """What it is, and what else it goes by: its category, those above it, and the tags.

    Names of categories in every language, so that a listing is found in English too.
    """
    own = thing.category
    above = []
    category = own.parent
    while category is not None:
        above.append(category.translation_key)
        category = category.parent
    names = dict.fromkeys([own.translation_key, *above], "")
    for key, name in MaterialCategory.objects.filter(translation_key__in=names).values_list(
        "translation_key", "name"
    ):
        names[key] += f" {name}"
    tags = [item.tag.name for item in thing.tagged_items.all()]
    return {
        "category_names": names[own.translation_key].strip(),
        "parent_names": " ".join(names[key].strip() for key in above),
        "keywords": " ".join(filter(None, [*tags, *extra])),
    }


PAGE_MODELS = {
    SearchEntry.Kind.LESSON: "LessonIdeaPage",
    SearchEntry.Kind.ARTICLE: "ArticlePage",
    SearchEntry.Kind.STORY: "CaseStoryPage",
    SearchEntry.Kind.CAMPAIGN: "CampaignPage",
}

SOURCES = {
    SearchEntry.Kind.MATERIAL: listing_values,
    SearchEntry.Kind.WANTED: wanted_values,
} | {kind: page_values(name) for kind, name in PAGE_MODELS.items()}


def _page_ids(name):
    return lambda: apps.get_model("inspiration", name).objects.live().values_list("pk", flat=True)


IDS = {
    SearchEntry.Kind.MATERIAL: lambda: MaterialListing.objects.published().values_list(
        "pk", flat=True
    ),
    SearchEntry.Kind.WANTED: lambda: WantedAd.objects.published().values_list("pk", flat=True),
} | {kind: _page_ids(name) for kind, name in PAGE_MODELS.items()}
