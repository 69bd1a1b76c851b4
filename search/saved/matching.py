"""Holds what is newly published against saved searches and open wanted ads, each thing once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, Manager, OuterRef, Q
from django.utils import timezone
from wagtail.models import Site

from inspiration.lessons.tips.models import LessonTip
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.listings.models import MaterialListing
from marketplace.organisations.homes import home_of
from marketplace.organisations.models import Organisation
from marketplace.wanted.models import WantedAd
from marketplace.wanted.services import offer_to_school
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.users.models import User
from search.engines import database as engines_database
from search.engines.base import SearchQuery
from search.engines.fallback import answer
from search.index.models import SearchEntry
from search.results.reference import limits
from search.saved.models import MatchedEntry, SavedSearch, SavedSearchHit
from search.saved.tasks import send_saved_search_alert

BATCH = 200
# What has been there for longer is no news to a school, as when the portal starts to match.
NEWS = timedelta(days=14)
# Notifications that say that a listing is what somebody has looked for by a wanted ad.
TOLD_AS_ANSWER = ("wanted_answer", "wanted_match")


def on_entries_refreshed(type: str, object_ids: list[int], **kwargs: Any) -> None:
    match_new(type, object_ids)


def match_new(type: str | None = None, object_ids: Iterable[int] | None = None) -> int:
    """Match everything that can be found and has not been matched. Returns how many things.

    Safe to run again, at any time and at the same time.
    """
    known = MatchedEntry.objects.filter(type=OuterRef("type"), object_id=OuterRef("object_id"))
    held = Q(open_to_all_at__gt=timezone.now())
    entries = SearchEntry.objects.visible().filter(
        ~Exists(known) | (~held & Exists(known.filter(at_home_only=True)))
    )
    if type is not None:
        entries = entries.filter(type=type, object_id__in=object_ids)
    pks = list(entries.order_by("pk").values_list("pk", flat=True))
    return sum(_match_batch(pks[start : start + BATCH]) for start in range(0, len(pks), BATCH))


def _match_batch(pks: list[int]) -> int:
    try:
        return _match(pks)
    except Exception:
        # One of them is broken; the others are matched all the same.
        return for_each_row([[pk] for pk in pks], _match)


def _match(pks: list[int]) -> int:
    try:
        with transaction.atomic():
            return _match_locked(pks)
    except IntegrityError:
        # Somebody else has just matched one of them; the rest waits for the next time.
        return 0


def _match_locked(pks: list[int]) -> int:
    locked = SearchEntry.objects.select_for_update().filter(pk__in=pks, removed=False)
    entries = {(entry.type, entry.object_id): entry for entry in locked.order_by("pk")}
    known = MatchedEntry.objects.filter(
        type__in={each for each, _pk in entries}, object_id__in={pk for _type, pk in entries}
    )
    now = timezone.now()
    opened = []
    for matched in known:
        entry = entries.get((matched.type, matched.object_id))
        if matched.at_home_only and entry and not entry.is_held(now):
            opened.append(matched.pk)
        else:
            entries.pop((matched.type, matched.object_id), None)
    MatchedEntry.objects.filter(pk__in=opened).update(at_home_only=False)
    new = [key for key in entries if key not in {(each.type, each.object_id) for each in known}]
    MatchedEntry.objects.bulk_create(
        MatchedEntry(type=each, object_id=pk, at_home_only=entries[each, pk].is_held(now))
        for each, pk in new
    )
    if entries:
        # A school is told of what answers its ad as that, and not once more as a hit.
        match_wanted_ads(list(entries.values()))
        match_saved_searches(list(entries.values()))
    return len(entries)


# --- Saved searches -----------------------------------------------------------------------------


def match_saved_searches(entries: list[SearchEntry]) -> None:
    """Record which of `entries` each saved search matches; mail those who want it at once."""
    newest = max(entry.published_at for entry in entries)
    searches = SavedSearch.objects.of_active_people().filter(created_at__lte=newest)
    same = defaultdict(list)
    for search in searches.select_related("user", "site"):
        home = home_of(search.user)
        homes = home and home.slugs
        same[search.query_string, search.user.language, search.site, homes].append(search)
    for (_address, language, site, _homes), equal in same.items():
        found = answering(equal[0], entries, language=language, site=site)
        for search in equal:
            new = [
                entry
                for entry in found
                if entry.published_at >= search.created_at and is_news(entry, search.user)
            ]
            if new:
                record(search, new)


def answering(
    search: SavedSearch, entries: list[SearchEntry], *, language: str, site: Site | None
) -> list[SearchEntry]:
    """Those of `entries` that the search page would show for the saved search."""
    query = SearchQuery.from_params(search.params, language=language, **limits(site, search.user))
    query = replace(
        query, page=1, page_size=len(entries), among=tuple(entry.pk for entry in entries)
    )
    result = answer(query) if indexed(entries) else engines_database.search(query)
    hits = {hit.entry_id for hit in result.hits}
    return [entry for entry in entries if entry.pk in hits]


def is_news(entry: SearchEntry, user: User) -> bool:
    """Neither what somebody's own organisation has published, nor what they have been told of."""
    if entry.type == SearchEntry.Type.MATERIAL:
        if user.notifications.filter(listing=entry.object_id, type__in=TOLD_AS_ANSWER).exists():
            return False
        published: Manager = MaterialListing.objects
    elif entry.type == SearchEntry.Type.WANTED:
        published = WantedAd.objects
    elif entry.type == SearchEntry.Type.TIP:
        published = LessonTip.objects
    else:
        return True
    own = Organisation.objects.of_user(user)
    return not published.filter(pk=entry.object_id, organisation__in=own).exists()


def indexed(entries: Iterable[SearchEntry]) -> bool:
    """Whether Elasticsearch, if there is one, has got all of them."""
    return not settings.ELASTICSEARCH_URL or all(
        entry.indexed_version == entry.version for entry in entries
    )


def record(search: SavedSearch, entries: Iterable[SearchEntry]) -> None:
    unwanted = search.frequency == SavedSearch.Frequency.NEVER
    SavedSearchHit.objects.bulk_create(
        [
            SavedSearchHit(
                search=search,
                type=entry.type,
                object_id=entry.object_id,
                notified_at=timezone.now() if unwanted else None,
            )
            for entry in entries
        ],
        ignore_conflicts=True,
    )
    if search.frequency == SavedSearch.Frequency.AT_ONCE:
        transaction.on_commit(partial(send_saved_search_alert.enqueue, search.pk))


# --- Wanted ads ---------------------------------------------------------------------------------


def match_wanted_ads(entries: list[SearchEntry]) -> None:
    """Notify the schools whose open wanted ads new listings may answer."""
    since = timezone.now() - NEWS
    new = [
        entry
        for entry in entries
        if entry.type == SearchEntry.Type.MATERIAL
        and (entry.open_to_all_at or entry.published_at) >= since
    ]
    if not new:
        return
    ads = list(
        WantedAd.objects.open()
        .select_related("organisation__municipality", "category")
        .prefetch_related("tagged_items", "answers")
    )
    if not ads:
        return
    listings = (
        MaterialListing.objects.filter(pk__in=[entry.object_id for entry in new])
        .select_related("organisation__municipality", "stock")
        .prefetch_related("tagged_items")
        .in_bulk()
    )
    known = _known_pairs(listings)
    for entry in new:
        listing = listings.get(entry.object_id)
        for ad in ads:
            if not listing or (listing.pk, ad.organisation_id) in known:
                continue
            if not listing.is_open_to(ad.organisation):
                continue
            offered = listing.answers_ad_id == ad.pk or any(
                answer.listing_id == listing.pk for answer in ad.answers.all()
            )
            if offered or may_answer(listing, entry, ad):
                offer_to_school(wanted_ad=ad, listing=listing, is_answer=offered)


def _known_pairs(listings: Iterable[int]) -> set[tuple[int, int]]:
    """{(listing, organisation)} that need no notification: reserved, or waited for, already."""
    reserved = Reservation.objects.filter(listing__in=listings)
    waited_for = WaitingPlace.objects.open().filter(listing__in=listings)
    pair = ("listing", "organisation")
    return {*reserved.values_list(*pair), *waited_for.values_list(*pair)}


def may_answer(listing: MaterialListing, entry: SearchEntry, ad: WantedAd) -> bool:
    """A listing may be what is wanted when it is of that kind, or one below, or shares a tag."""
    if listing.organisation_id == ad.organisation_id:
        return False
    if ad.first_published_at and entry.published_at < ad.first_published_at:
        return False
    shared = {item.tag_id for item in listing.tagged_items.all()} & {
        item.tag_id for item in ad.tagged_items.all()
    }
    return ad.category.slug in entry.categories or bool(shared)
