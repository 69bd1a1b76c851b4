"""Holds what is newly published against saved searches and open wanted ads, each thing once."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from marketplace.models import MaterialListing, WantedAd
from marketplace.notifications import notify

from . import database_engine, reference
from .answer import answer
from .engine import SearchQuery
from .models import Arrival, SavedSearch, SavedSearchHit, SearchEntry

BATCH = 200
# What has been there for longer is no news to a school, as when the portal starts to match.
NEWS = timedelta(days=14)


def match_new(kind=None, object_ids=None):
    """Match everything that can be found and has not been matched. Returns how many things.

    Safe to run again, at any time and at the same time.
    """
    known = Arrival.objects.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"))
    entries = SearchEntry.objects.visible().exclude(Exists(known))
    if kind is not None:
        entries = entries.filter(kind=kind, object_id__in=object_ids)
    pks = list(entries.order_by("pk").values_list("pk", flat=True))
    return sum(_match(pks[start : start + BATCH]) for start in range(0, len(pks), BATCH))


def _match(pks):
    try:
        with transaction.atomic():
            return _match_locked(pks)
    except IntegrityError:
        # Somebody else has just matched one of them; the rest waits for the next time.
        return 0


def _match_locked(pks):
    locked = SearchEntry.objects.select_for_update().filter(pk__in=pks, removed=False)
    entries = {(entry.kind, entry.object_id): entry for entry in locked.order_by("pk")}
    known = Arrival.objects.filter(
        kind__in={kind for kind, _pk in entries}, object_id__in={pk for _kind, pk in entries}
    )
    for arrival in known.values_list("kind", "object_id"):
        entries.pop(arrival, None)
    Arrival.objects.bulk_create(
        Arrival(kind=kind, object_id=object_id) for kind, object_id in entries
    )
    if entries:
        match_saved_searches(list(entries.values()))
        match_wanted_ads(list(entries.values()))
    return len(entries)


# --- Saved searches -----------------------------------------------------------------------------


def match_saved_searches(entries):
    """Record for each saved search which of `entries` answer it; those at once are told so."""
    newest = max(entry.published_at for entry in entries)
    searches = SavedSearch.objects.of_active_people().filter(created_at__lte=newest)
    same = defaultdict(list)
    for search in searches.select_related("user", "site"):
        same[search.address, search.user.language, search.site].append(search)
    for (_address, language, site), equal in same.items():
        found = answering(equal[0], entries, language=language, site=site)
        for search in equal:
            new = [entry for entry in found if entry.published_at >= search.created_at]
            if new:
                record(search, new)


def answering(search, entries, *, language, site):
    """Those of `entries` that the search page would show for the saved search."""
    query = SearchQuery.from_params(search.params, language=language, **reference.limits(site))
    query = replace(
        query, page=1, page_size=len(entries), among=tuple(entry.pk for entry in entries)
    )
    result = answer(query) if indexed(entries) else database_engine.search(query)
    hits = {hit.entry_id for hit in result.hits}
    return [entry for entry in entries if entry.pk in hits]


def indexed(entries):
    """Whether Elasticsearch, if there is one, has got all of them."""
    return not settings.ELASTICSEARCH_URL or all(
        entry.indexed_version == entry.version for entry in entries
    )


def record(search, entries):
    from .tasks import tell_saved_search

    unwanted = search.frequency == SavedSearch.Frequency.NEVER
    SavedSearchHit.objects.bulk_create(
        [
            SavedSearchHit(
                search=search,
                kind=entry.kind,
                object_id=entry.object_id,
                told_at=timezone.now() if unwanted else None,
            )
            for entry in entries
        ],
        ignore_conflicts=True,
    )
    if search.frequency == SavedSearch.Frequency.AT_ONCE:
        transaction.on_commit(partial(tell_saved_search.enqueue, search.pk))


# --- Wanted ads ---------------------------------------------------------------------------------


def match_wanted_ads(entries):
    """Tell the schools whose open wanted ads new listings may answer."""
    since = timezone.now() - NEWS
    new = [
        entry
        for entry in entries
        if entry.kind == SearchEntry.Kind.MATERIAL and entry.published_at >= since
    ]
    if not new:
        return
    ads = list(
        WantedAd.objects.open()
        .select_related("organisation", "category")
        .prefetch_related("tagged_items", "answers")
    )
    if not ads:
        return
    listings = (
        MaterialListing.objects.filter(pk__in=[entry.object_id for entry in new])
        .select_related("organisation")
        .prefetch_related("tagged_items")
        .in_bulk()
    )
    for entry in new:
        listing = listings.get(entry.object_id)
        for ad in ads:
            if not listing:
                continue
            offered = any(answer.listing_id == listing.pk for answer in ad.answers.all())
            if offered or may_answer(listing, entry, ad):
                tell_school(ad, listing, offered=offered)


def may_answer(listing, entry, ad):
    """A listing may be what is wanted when it is of that kind, or one below, or shares a tag."""
    if listing.organisation_id == ad.organisation_id:
        return False
    if ad.first_published_at and entry.published_at < ad.first_published_at:
        return False
    shared = {item.tag_id for item in listing.tagged_items.all()} & {
        item.tag_id for item in ad.tagged_items.all()
    }
    return ad.category.slug in entry.categories or bool(shared)


def tell_school(ad, listing, *, offered):
    """Say that something can be asked for now; `offered` when its giver has answered the ad."""
    notify(
        users=ad.organisation.active_members(),
        kind="wanted_match",
        key=f"wanted:{ad.pk}:match:{listing.pk}",
        organisation=ad.organisation,
        listing=listing,
        wanted_title=ad.title,
        wanted_id=ad.pk,
        offered=offered,
    )
