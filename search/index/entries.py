"""Keeps `SearchEntry` true: builds the rows from listings, wanted ads, tips and pages."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import override

from inspiration.lessons.curriculum import YOUNGEST
from inspiration.lessons.tips.models import LessonTip
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.safety.rules import fits_from
from marketplace.wanted.models import WantedAd
from portal.foundation.text_cleaning.cleaning import clean_data
from search.engines.full_text import add
from search.index.models import SearchEntry
from search.query import analysis as query_analysis
from search.query.vocabulary import learn

LANGUAGE_OF_LISTINGS = "sv"
BATCH = 500
# (id, values) of each entry.
Entries = Iterator[tuple[int, dict[str, Any]]]
# What tells that an entry is another than it was; the rest is for keeping count.
CONTENT = [
    field.attname
    for field in SearchEntry._meta.concrete_fields
    if field.name not in ("id", "version", "indexed_version", "changed_at")
]


def refresh(type: str, object_ids: Iterable[int]) -> Counter[str]:
    """Make the entries of these things as they are now; returns a `Counter` of what was done.

    Safe to run again, in any order and at the same time: only what differs is written.
    """
    try:
        return _refresh(type, object_ids)
    except IntegrityError:
        # Somebody else was making the same entries, and has now.
        return _refresh(type, object_ids)


@transaction.atomic
def _refresh(type: str, object_ids: Iterable[int]) -> Counter[str]:
    # Locked before the sources are read, so that what is written last was also read last.
    entries = SearchEntry.objects.select_for_update().filter(type=type, object_id__in=object_ids)
    existing = {(entry.object_id, entry.language): entry for entry in entries.order_by("pk")}
    new, changed, gone = [], [], []
    done: Counter[str] = Counter()
    for object_id, values in SOURCES[type](object_ids):
        wanted = _entry(type, object_id, values)
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


def _entry(type: str, object_id: int, values: dict[str, Any]) -> SearchEntry:
    # Equal words are equal letters: neither engine composes them by itself.
    entry = SearchEntry(type=type, object_id=object_id, **clean_data(values))
    for text, terms in SearchEntry.TERMS.items():
        found = query_analysis.terms(getattr(entry, text), entry.language)
        found += _codes(entry, terms)
        setattr(entry, terms, f" {' '.join(found)} ")
    return entry


def _codes(entry: SearchEntry, terms: str) -> list[str]:
    """What an entry is found by besides words: the category of what is exchanged, and for whom and
    which subjects an idea is."""
    if terms == "category_terms" and entry.type in SearchEntry.EXCHANGE_TYPES:
        return [query_analysis.code(query_analysis.CATEGORY, slug) for slug in entry.categories[:1]]
    if terms == "keyword_terms" and entry.type in SearchEntry.IDEAS:
        return [
            *(query_analysis.code(query_analysis.AGE, slug) for slug in entry.age_groups),
            *(query_analysis.code(query_analysis.SUBJECT, slug) for slug in entry.subjects),
        ]
    return []


def _content(entry: SearchEntry) -> list:
    return [getattr(entry, name) for name in CONTENT]


def _write(new: list[SearchEntry], changed: list[SearchEntry], gone: list[SearchEntry]) -> None:
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
    add(written)
    learn(getattr(entry, text) for entry in written for text in SearchEntry.TERMS)


def refresh_all(
    type: str | None = None, *, progress: Callable[[int], None] | None = None
) -> Counter[str]:
    """Refresh every entry (of one kind); returns a `Counter` of what was done."""
    done: Counter[str] = Counter()
    for each in [type] if type else SearchEntry.Type.values:
        known = SearchEntry.objects.filter(type=each, removed=False)
        ids = sorted({*IDS[each](), *known.values_list("object_id", flat=True)})
        for batch in batched(ids, BATCH):
            done += refresh(each, batch)
            if progress:
                progress(done.total())
    return done


def refresh_lost() -> int:
    """Refresh what has an entry and should not, or none and should: its job was lost.

    Returns how many were put right.
    """
    found = 0
    for type in SearchEntry.Type.values:
        known = SearchEntry.objects.filter(type=type, removed=False)
        lost = set(IDS[type]()) ^ set(known.values_list("object_id", flat=True))
        for batch in batched(sorted(lost), BATCH):
            done = refresh(type, batch)
            found += done["added"] + done["removed"]
    return found


def refresh_changed() -> int:
    """Compare every entry with its source, as once a night. Returns how many were put right."""
    done = refresh_all()
    return done["added"] + done["changed"] + done["removed"]


def batched(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """`ids` in lists of `size` at most."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


# --- What the sources say ---------------------------------------------------------------------
# Each takes ids, and yields the id and the values of each entry of those that can be found.


def listings(pks: Iterable[int]) -> Entries:
    """The entries of listings that can be asked for, now or later."""
    found = (
        MaterialListing.objects.available_to_some()
        .filter(pk__in=pks)
        .select_related("organisation__municipality", "stock", "category__parent__parent")
        .prefetch_related("photos__image", "tagged_items__tag", "translated_texts")
    )
    categories = Categories()
    for listing in found:
        words = (listing.description, listing.dimensions, listing.organisation.name)
        yield (
            listing.pk,
            {
                "title": listing.title,
                "keywords": _keywords(listing, listing.colours),
                "body": " ".join(filter(None, words)),
                "image": listing.cover,
                "condition": listing.condition,
                "left": listing.stock.left,
                "fits_from_age": fits_from(listing.answers),
                "safety": list(listing.answers),
                "delivery": listing.delivery_offered,
                "carried_by": listing.carrying.whole,
                "part_carried_by": listing.carrying.part,
                "open_to_all_at": listing.open_to_all_at,
                "available_from": listing.available_from,
                "available_until": listing.available_until,
                "photo_count": len(listing.photos.all()),
                **categories.values(listing.category_id),
                **_exchanged(listing, unit=listing.stock.unit, town=listing.pickup_town),
            },
        )


def wanted_ads(pks: Iterable[int]) -> Entries:
    """The entries of open wanted ads."""
    found = (
        WantedAd.objects.open()
        .filter(pk__in=pks)
        .select_related("organisation__municipality")
        .prefetch_related("tagged_items__tag", "translated_texts")
    )
    categories = Categories()
    for ad in found:
        yield (
            ad.pk,
            {
                "title": ad.title,
                "keywords": _keywords(ad),
                "body": ad.description,
                "available_until": ad.wanted_until,
                **categories.values(ad.category_id),
                **_exchanged(ad, unit=ad.unit),
            },
        )


def _exchanged(thing: MaterialListing | WantedAd, *, unit: str, town: str = "") -> dict[str, Any]:
    """The values that listings and wanted ads have alike."""
    organisation = thing.organisation
    latitude, longitude = organisation.position
    return {
        "language": LANGUAGE_OF_LISTINGS,
        "url": thing.get_absolute_url(),
        "municipality": organisation.municipality.slug,
        "organisation_type": organisation.type,
        "unit": unit,
        "latitude": float(latitude),
        "longitude": float(longitude),
        "published_at": thing.first_published_at or thing.created_at,
        **_area(town or organisation.town),
    }


def tips(pks: Iterable[int]) -> Entries:
    """The entries of published tips. They are credited to the unit, so its name finds them."""
    found = LessonTip.objects.published().filter(pk__in=pks).for_cards()
    categories = Categories()
    for tip in found:
        organisation, age_groups = tip.organisation, tip.age_groups
        used = [categories.values(each.pk) for each in tip.categories.all()]
        words = [tip.lesson and tip.lesson.title, *tip.age_group_labels, organisation.name]
        ages = [YOUNGEST[group] for group in age_groups if group in YOUNGEST]
        yield (
            tip.pk,
            {
                "language": LANGUAGE_OF_LISTINGS,
                "title": tip.title,
                "keywords": " ".join(map(str, filter(None, words))),
                "category_names": " ".join(each["category_names"] for each in used),
                "parent_names": " ".join(each["parent_names"] for each in used),
                "body": tip.text,
                "url": tip.get_absolute_url(),
                "image": tip.cover,
                "illustration": tip.illustration,
                "categories": sorted({slug for each in used for slug in each["categories"]}),
                "municipality": organisation.municipality.slug,
                "age_groups": age_groups,
                "fits_from_age": min(ages, default=None),
                "published_at": tip.first_published_at or tip.created_at,
            },
        )


def pages(model_name: str) -> Callable[[Iterable[int]], Entries]:
    """A function that yields the entries of live pages of an inspiration page type."""

    def found(pks: Iterable[int]) -> Entries:
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


def _area(town: str) -> dict[str, str]:
    return {"area": slugify(town)[:60], "area_name": town[:60]}


def _keywords(thing: MaterialListing | WantedAd, *more: str) -> str:
    """Words besides its text: tags, and what it is called in other languages."""
    tags = [item.tag.name for item in thing.tagged_items.all()]
    fitting = [each for each in thing.translated_texts.all() if each.live and each.fits]
    translated = [words for each in fitting for words in (each.title, each.text, each.colours)]
    return " ".join(filter(None, [*tags, *more, *translated]))


class Categories:
    """All categories, read at once: what one is called in every language, and what is above it."""

    def __init__(self) -> None:
        self.by_pk = {each.pk: each for each in MaterialCategory.objects.all()}
        self.names: dict[UUID, list[str]] = {}
        for each in self.by_pk.values():
            self.names.setdefault(each.translation_key, []).append(each.name)

    def values(self, pk: int) -> dict[str, Any]:
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
    SearchEntry.Type.LESSON: "LessonIdeaPage",
    SearchEntry.Type.COLLECTION: "CollectionPage",
    SearchEntry.Type.ARTICLE: "ArticlePage",
    SearchEntry.Type.STORY: "CaseStoryPage",
    SearchEntry.Type.CAMPAIGN: "CampaignPage",
    SearchEntry.Type.EVENT: "EventPage",
}
SOURCES: dict[str, Callable[[Iterable[int]], Entries]] = {
    SearchEntry.Type.MATERIAL: listings,
    SearchEntry.Type.WANTED: wanted_ads,
    SearchEntry.Type.TIP: tips,
} | {each: pages(name) for each, name in PAGE_MODELS.items()}


def _page_ids(name: str) -> Callable[[], Iterable[int]]:
    return lambda: apps.get_model("inspiration", name).objects.live().values_list("pk", flat=True)


IDS: dict[str, Callable[[], Iterable[int]]] = {
    SearchEntry.Type.MATERIAL: lambda: MaterialListing.objects.available_to_some().values_list(
        "pk", flat=True
    ),
    SearchEntry.Type.WANTED: lambda: WantedAd.objects.open().values_list("pk", flat=True),
    SearchEntry.Type.TIP: lambda: LessonTip.objects.published().values_list("pk", flat=True),
    **{each: _page_ids(name) for each, name in PAGE_MODELS.items()},
}
