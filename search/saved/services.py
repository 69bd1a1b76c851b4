"""Saved searches: keeping one, and telling its owner what is new."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from post_office.models import Email
from wagtail.models import Site

from marketplace.notifications.delivery import email_context, queue_mail
from marketplace.notifications.digests import last_moment
from marketplace.notifications.models import MailPreference, Notification
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.mail.rendering import absolute, as_text
from portal.foundation.sites import speaking_to
from portal.foundation.users.models import User
from search.engines.base import SearchQuery
from search.index.models import SearchEntry
from search.query.params import address, params_of, url_of
from search.saved.models import SavedSearch, SavedSearchHit

SHOWN_IN_MAIL = 20


class TooManySearches(Exception):
    """A person keeps as many searches as one can follow already."""


class TooMuchAsked(Exception):
    """A question has more words and filters than can be kept."""


@transaction.atomic
def save_search(
    *, user: User, site: Site | None, params: QueryDict, name: str
) -> tuple[SavedSearch, bool]:
    """Keep the question `params` for `user`; returns (the saved search, whether it is new).

    Raises `TooManySearches` and `TooMuchAsked`.
    """
    query = SearchQuery.from_params(params, language=user.language)
    # The order of hits and where distances start say nothing about what is found.
    kept = address(params_of(replace(query, sort="")))
    if len(kept) > SavedSearch.QUERY_STRING_LENGTH:
        raise TooMuchAsked
    # One after the other, so that no more are kept than may be.
    User.objects.select_for_update().get(pk=user.pk)
    known = user.saved_searches.filter(query_string=kept).first()
    if known:
        return known, False
    if user.saved_searches.count() >= SavedSearch.MAX_PER_PERSON:
        raise TooManySearches
    return SavedSearch.objects.get_or_create(
        user=user, query_string=kept, defaults={"site": site, "name": name[:80]}
    )


@transaction.atomic
def choose_frequency(*, search: SavedSearch, frequency: str) -> SavedSearch:
    """Mail about `search` this often from now on, or never."""
    search = SavedSearch.objects.select_for_update().get(pk=search.pk)
    now = timezone.now()
    if search.frequency != frequency:
        if frequency == SavedSearch.Frequency.NEVER:
            search.hits.filter(notified_at=None).update(notified_at=now)
        search.frequency = frequency
        search.summary_at = now
        search.save(update_fields=["frequency", "summary_at"])
    return search


# --- Telling ------------------------------------------------------------------------------------


def send_alert(search_id: int, now: datetime | None = None) -> bool:
    """Write one mail about all that is new for a saved search. Returns whether there was any.

    The mail is put into the queue in the same transaction as what it is about is marked, so that
    no restart loses or repeats it.
    """
    now = now or timezone.now()
    with transaction.atomic():
        search = (
            SavedSearch.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(pk=search_id)
            .first()
        )
        if search is None or not is_due(search, now):
            return False
        search.summary_at = now
        search.save(update_fields=["summary_at"])
        hits = list(search.hits.filter(notified_at=None))
        entries = entries_of(hits)
        email = None
        if entries and wants_mail(search):
            email = write_mail(search, entries)
        search.hits.filter(pk__in=[hit.pk for hit in hits]).update(notified_at=now, email=email)
        if entries:
            with override(search.user.language):
                put_in_inbox(search, hits[0], entries, email, now)
        return email is not None


def is_due(search: SavedSearch, now: datetime) -> bool:
    if search.frequency in SavedSearch.SUMMARISED:
        return search.summary_at < last_moment(search.frequency, now)
    return search.frequency == SavedSearch.Frequency.AT_ONCE


def wants_mail(search: SavedSearch) -> bool:
    """Whether the person wants mail: muting everything overrides the search."""
    frequency = MailPreference.frequency_for(search.user)
    return search.user.is_active and frequency != MailPreference.Frequency.NEVER


def entries_of(hits: Iterable[SavedSearchHit]) -> list[SearchEntry]:
    """What the hits are about, the newest first, as far as it can still be found."""
    wanted = {(hit.type, hit.object_id) for hit in hits}
    found = SearchEntry.objects.visible().filter(
        type__in={each for each, _id in wanted}, object_id__in={pk for _type, pk in wanted}
    )
    return [
        entry
        for entry in found.order_by("-published_at", "-pk")
        if (entry.type, entry.object_id) in wanted
    ]


def put_in_inbox(
    search: SavedSearch,
    first: SavedSearchHit,
    entries: list[SearchEntry],
    email: Email | None,
    now: datetime,
) -> None:
    Notification.objects.get_or_create(
        user=search.user,
        key=f"saved:{search.pk}:{first.pk}",
        defaults={
            "type": "saved_search",
            "mailed_at": now,
            "email": email,
            "context": {
                "name": search.name,
                "count": len(entries),
                "title": entries[0].title,
                "url": _path(search, entries),
            },
        },
    )


def _path(search: SavedSearch, entries: list[SearchEntry]) -> str:
    """Where to look at what is new: the thing itself, or the search with the newest first."""
    if len(entries) == 1:
        return url_of(entries[0])
    newest = search.params.copy()
    newest["sort"] = "nyast"
    return f"{reverse('search:search')}?{newest.urlencode()}"


def write_mail(search: SavedSearch, entries: list[SearchEntry]) -> Email:
    """Put the mail about `entries`, new answers to `search`, into the queue."""
    user = search.user
    with override(user.language), speaking_to(user):
        values = email_context(user) | {
            "search": search,
            "count": len(entries),
            "items": [
                {"entry": entry, "url": absolute(url_of(entry))}
                for entry in entries[:SHOWN_IN_MAIL]
            ],
            "more": max(0, len(entries) - SHOWN_IN_MAIL),
            "action": _("See what is new"),
            "url": absolute(_path(search, entries)),
            # The frame's link, and the button of the mail reader, are about this search only.
            "mute_url": absolute(reverse("search:saved_mail", args=[search.stop_token])),
        }
        values["subject"] = as_text("email/saved_search_mail_subject.txt", values)
        values["body"] = as_text("email/saved_search_mail.txt", values)
        return queue_mail(user, values=values, html="email/saved_search_mail.html")


def send_alerts(now: datetime | None = None) -> int:
    """Send the summaries that are due, and what should have left at once. Returns how many."""
    now = now or timezone.now()
    untold = Exists(SavedSearchHit.objects.filter(search=OuterRef("pk"), notified_at=None))
    due = Q(frequency=SavedSearch.Frequency.AT_ONCE)
    for frequency in SavedSearch.SUMMARISED:
        due |= Q(frequency=frequency, summary_at__lt=last_moment(frequency, now))
    searches = SavedSearch.objects.filter(due).filter(untold)
    return for_each_row(searches, partial(send_alert, now=now))
