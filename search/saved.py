"""Saved searches: keeping one, and telling its owner what is new."""

from dataclasses import replace

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace import notifications
from marketplace.models import MailPreference, Notification
from marketplace.tasks import last_moment

from .addresses import address, params_of, url_of
from .engine import SearchQuery
from .models import SavedSearch, SavedSearchHit, SearchEntry

SHOWN_IN_MAIL = 20


class TooManySearches(Exception):
    """A person keeps as many searches as one can follow already."""


class TooMuchAsked(Exception):
    """A question has more words and filters than can be kept."""


def save_search(*, user, site, params, name):
    """Keep the question `params` for `user`; returns (the saved search, whether it is new).

    Raises `TooManySearches` and `TooMuchAsked`.
    """
    query = SearchQuery.from_params(params, language=user.language)
    # The order of hits and where distances start say nothing about what is found.
    kept = address(params_of(replace(query, sort="")))
    if len(kept) > SavedSearch._meta.get_field("address").max_length:
        raise TooMuchAsked
    known = user.saved_searches.filter(address=kept).first()
    if known:
        return known, False
    if user.saved_searches.count() >= SavedSearch.MAX_PER_PERSON:
        raise TooManySearches
    return SavedSearch.objects.get_or_create(
        user=user, address=kept, defaults={"site": site, "name": name[:80]}
    )


@transaction.atomic
def choose_frequency(*, search, frequency):
    """Mail about `search` this often from now on, or never."""
    search = SavedSearch.objects.select_for_update().get(pk=search.pk)
    now = timezone.now()
    if search.frequency != frequency:
        if frequency == SavedSearch.Frequency.NEVER:
            search.hits.filter(told_at=None).update(told_at=now)
        search.frequency = frequency
        search.summary_at = now
        search.save(update_fields=["frequency", "summary_at"])
    return search


# --- Telling ------------------------------------------------------------------------------------


def tell(search_id, now=None):
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
        hits = list(search.hits.filter(told_at=None))
        entries = entries_of(hits)
        email = None
        if entries and wants_mail(search):
            email = write_mail(search, entries)
        search.hits.filter(pk__in=[hit.pk for hit in hits]).update(told_at=now, email=email)
        if entries:
            with override(search.user.language):
                put_in_inbox(search, hits[0], entries, email, now)
        return email is not None


def is_due(search, now):
    if search.frequency in SavedSearch.SUMMARISED:
        return search.summary_at < last_moment(search.frequency, now)
    return search.frequency == SavedSearch.Frequency.AT_ONCE


def wants_mail(search):
    """Whoever has muted everything gets nothing by mail, whatever the search says."""
    frequency = MailPreference.frequency_for(search.user)
    return search.user.is_active and frequency != MailPreference.Frequency.NEVER


def entries_of(hits):
    """What the hits are about, the newest first, as far as it can still be found."""
    wanted = {(hit.kind, hit.object_id) for hit in hits}
    found = SearchEntry.objects.visible().filter(
        kind__in={kind for kind, _id in wanted}, object_id__in={pk for _kind, pk in wanted}
    )
    return [
        entry
        for entry in found.order_by("-published_at", "-pk")
        if (entry.kind, entry.object_id) in wanted
    ]


def put_in_inbox(search, first, entries, email, now):
    Notification.objects.get_or_create(
        user=search.user,
        key=f"saved:{search.pk}:{first.pk}",
        defaults={
            "kind": "saved_search",
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


def _path(search, entries):
    """Where to look at what is new: the thing itself, or the search with the newest first."""
    if len(entries) == 1:
        return url_of(entries[0])
    newest = search.params.copy()
    newest["sort"] = "nyast"
    return f"{reverse('search:search')}?{newest.urlencode()}"


def write_mail(search, entries):
    """Put the mail about `entries`, new answers to `search`, into the queue."""
    user = search.user
    with override(user.language):
        values = notifications.frame(user) | {
            "search": search,
            "count": len(entries),
            "items": [
                {"entry": entry, "url": notifications.absolute(url_of(entry))}
                for entry in entries[:SHOWN_IN_MAIL]
            ],
            "more": max(0, len(entries) - SHOWN_IN_MAIL),
            "action": _("See what is new"),
            "url": notifications.absolute(_path(search, entries)),
            # The frame's link, and the button of the mail reader, are about this search only.
            "mute_url": notifications.absolute(
                reverse("search:saved_mail", args=[search.stop_token])
            ),
        }
        values["subject"] = " ".join(_text("email/saved_search_mail_subject.txt", values).split())
        values["body"] = _text("email/saved_search_mail.txt", values).strip()
        return notifications.queue_mail(
            user,
            subject=values["subject"],
            text=_text("email/layout.txt", values),
            html=get_template("email/saved_search_mail.html").template.render(Context(values)),
            values=values,
        )


def _text(template, values):
    return get_template(template).template.render(Context(values, autoescape=False))


def tell_all(now=None):
    """Send the summaries that are due, and what should have left at once. Returns how many."""
    now = now or timezone.now()
    untold = Exists(SavedSearchHit.objects.filter(search=OuterRef("pk"), told_at=None))
    due = Q(frequency=SavedSearch.Frequency.AT_ONCE)
    for frequency in SavedSearch.SUMMARISED:
        due |= Q(frequency=frequency, summary_at__lt=last_moment(frequency, now))
    searches = SavedSearch.objects.filter(due).filter(untold)
    return sum(tell(pk, now) for pk in list(searches.values_list("pk", flat=True)))
