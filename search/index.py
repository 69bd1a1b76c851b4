"""Keeps `SearchEntry` true: builds the rows from listings, wanted ads and pages."""

from collections import Counter

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import override

from marketplace.models import MaterialCategory, MaterialListing, WantedAd

from . import analysis, full_text, vocabulary
from .models import SearchEntry

LANGUAGE_OF_LISTINGS = "sv"
BATCH = 500
# What tells that an entry is another than it was; the rest is for keeping count.
CONTENT = [
    field.attname
    for field in SearchEntry._meta.concrete_fields
    if field.name not in ("id", "version", "indexed_version", "changed_at")
]


def refresh(kind, object_ids):
    """Make the entries of these things as they are now; returns a `Counter` of what was done.

    Safe to run again, in any order and at the same time: only what differs is written.
    """
    try:
        return _refresh(kind, object_ids)
    except IntegrityError:
        # Somebody else was making the same entries, and has now.
        return _refresh(kind, object_ids)


@transaction.atomic
def _refresh(kind, object_ids):
    # Locked before the sources are read, so that what is written last was also read last.
    entries = SearchEntry.objects.select_for_update().filter(kind=kind, object_id__in=object_ids)
    existing = {(entry.object_id, entry.language): entry for entry in entries.order_by("pk")}
    new, changed, gone = [], [], []
    done = Counter()
    for object_id, values in SOURCES[kind](object_ids):
        wanted = _entry(kind, object_id, values)
        entry = existing.pop((object_id, wanted.language), None)
        if entry is None:
            new.append(wanted)
        elif _content(entry) != _content(wanted):
            wanted.pk, wanted.version = entry.pk, entry.version + 1
            wanted.indexed_version = entry.indexed_version
            changed.append(wanted)
        else:
            done["unchanged"] += 1
    for entry in existing.values():
        if not settings.ELASTICSEARCH_URL:
            gone.append(entry)
        elif not entry.removed:
            # Kept until Elasticsearch knows.
            entry.removed, entry.version = True, entry.version + 1
            entry.changed_at = timezone.now()
            gone.append(entry)
    _write(new, changed, gone)
    return done + Counter(added=len(new), changed=len(changed), removed=len(gone))


def _entry(kind, object_id, values):
    entry = SearchEntry(kind=kind, object_id=object_id, **values)
    for text, terms in SearchEntry.TERMS.items():
        found = analysis.terms(getattr(entry, text), entry.language)
        setattr(entry, terms, f" {' '.join(found)} ")
    return entry


def _content(entry):
    return [getattr(entry, name) for name in CONTENT]


def _write(new, changed, gone):
    SearchEntry.objects.bulk_create(new)
    fields = [*CONTENT, "version", "changed_at"]
    SearchEntry.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["pk"], update_fields=fields
    )
    if settings.ELASTICSEARCH_URL:
        SearchEntry.objects.bulk_update(gone, ["removed", "version", "changed_at"])
    else:
        SearchEntry.objects.filter(pk__in=[entry.pk for entry in gone]).delete()
    written = [*new, *changed]
    full_text.add(written)
    vocabulary.learn(getattr(entry, text) for entry in written for text in SearchEntry.TERMS)


def refresh_all(kind=None, *, progress=None):
    """Refresh every entry (of one kind); returns a `Counter` of what was done."""
    done = Counter()
    for each in [kind] if kind else SearchEntry.Kind.values:
        known = SearchEntry.objects.filter(kind=each, removed=False)
        ids = sorted({*IDS[each](), *known.values_list("object_id", flat=True)})
        for batch in batched(ids, BATCH):
            done += refresh(each, batch)
            if progress:
                progress(done.total())
    return done


def batched(ids, size):
    """`ids` in lists of `size` at most."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


# --- What the sources say ---------------------------------------------------------------------
# Each takes ids, and yields the id and the values of each entry of those that can be found.


def listings(pks):
    """The entries of listings that can be asked for, now or later."""
    found = (
        MaterialListing.objects.available()
        .filter(pk__in=pks)
        .select_related("organisation__municipality", "stock")
        .prefetch_related("photos__image", "tagged_items__tag")
    )
    categories = Categories()
    for listing in found:
        latitude, longitude = listing.organisation.position
        yield (
            listing.pk,
            {
                "language": LANGUAGE_OF_LISTINGS,
                "title": listing.title,
                "keywords": _keywords(listing, listing.colours),
                "body": " ".join(
                    filter(
                        None, [listing.description, listing.dimensions, listing.organisation.name]
                    )
                ),
                "url": listing.get_absolute_url(),
                "image": listing.cover,
                **categories.values(listing.category_id),
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
            },
        )


def wanted_ads(pks):
    """The entries of open wanted ads."""
    found = (
        WantedAd.objects.open()
        .filter(pk__in=pks)
        .select_related("organisation__municipality")
        .prefetch_related("tagged_items__tag")
    )
    categories = Categories()
    for ad in found:
        latitude, longitude = ad.organisation.position
        yield (
            ad.pk,
            {
                "language": LANGUAGE_OF_LISTINGS,
                "title": ad.title,
                "keywords": _keywords(ad),
                "body": ad.description,
                "url": ad.get_absolute_url(),
                **categories.values(ad.category_id),
                "municipality": ad.organisation.municipality.slug,
                "organisation_kind": ad.organisation.kind,
                **_area(ad.organisation.town),
                "unit": ad.unit,
                "latitude": float(latitude),
                "longitude": float(longitude),
                "available_until": ad.wanted_until,
                "published_at": ad.first_published_at or ad.created_at,
            },
        )


def pages(model_name):
    """A function that yields the entries of live pages of an inspiration page type."""

    def found(pks):
        model = apps.get_model("inspiration", model_name)
        for page in (
            model.objects.live().public().filter(pk__in=pks).select_related("locale", "cover")
        ):
            with override(page.locale.language_code):
                extra = page.search_values()
                url = page.url or ""
                site = page.get_site()
            yield (
                page.pk,
                {
                    "language": page.locale.language_code,
                    "title": page.title,
                    "summary": page.summary,
                    "body": strip_tags(extra.pop("body", "")),
                    "url": url,
                    "site": site and site.pk,
                    "image": page.cover,
                    "published_at": page.first_published_at
                    or page.latest_revision_created_at
                    or timezone.now(),
                    **extra,
                },
            )

    return found


def _area(town):
    return {"area": slugify(town)[:60], "area_name": town[:60]}


def _keywords(thing, *more):
    tags = [item.tag.name for item in thing.tagged_items.all()]
    return " ".join(filter(None, [*tags, *more]))


class Categories:
    """All categories, read at once: what one is called in every language, and what is above it."""

    def __init__(self):
        self.by_pk = {each.pk: each for each in MaterialCategory.objects.all()}
        self.names = {}
        for each in self.by_pk.values():
            self.names.setdefault(each.translation_key, []).append(each.name)

    def values(self, pk):
        """What an entry keeps of its category: names in all languages, so that English finds it."""
        path = [self.by_pk[pk]]
        while path[-1].parent_id:
            path.append(self.by_pk[path[-1].parent_id])
        own, *above = [" ".join(self.names[each.translation_key]) for each in path]
        return {
            "category_names": own,
            "parent_names": " ".join(above),
            "categories": [each.slug for each in path],
            "illustration": path[0].illustration,
        }


PAGE_MODELS = {
    SearchEntry.Kind.LESSON: "LessonIdeaPage",
    SearchEntry.Kind.ARTICLE: "ArticlePage",
    SearchEntry.Kind.STORY: "CaseStoryPage",
    SearchEntry.Kind.CAMPAIGN: "CampaignPage",
}
SOURCES = {SearchEntry.Kind.MATERIAL: listings, SearchEntry.Kind.WANTED: wanted_ads} | {
    kind: pages(name) for kind, name in PAGE_MODELS.items()
}


def _page_ids(name):
    return lambda: apps.get_model("inspiration", name).objects.live().values_list("pk", flat=True)


IDS = {
    SearchEntry.Kind.MATERIAL: lambda: MaterialListing.objects.available().values_list(
        "pk", flat=True
    ),
    SearchEntry.Kind.WANTED: lambda: WantedAd.objects.open().values_list("pk", flat=True),
} | {kind: _page_ids(name) for kind, name in PAGE_MODELS.items()}
