"""Collect wishes, propose how to share, and send all answers with one tap."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from math import cos, hypot, radians

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.exchange.errors import MoreThanAsked, NotEnoughLeft
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation, decline_reservation
from marketplace.exchange.sharing.fairness import Wish, share
from marketplace.exchange.sharing.models import Sharing
from marketplace.exchange.stock.services import lock_stock
from marketplace.listings.models import MaterialListing
from marketplace.listings.querysets import KM_PER_DEGREE
from marketplace.notifications.services import notify
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.users.models import User


@transaction.atomic
def collect_wishes(*, listing: MaterialListing, days: int, by: User) -> Sharing:
    """Let wishes for `listing` come in for `days` days before anybody is answered."""
    sharing, _created = Sharing.objects.update_or_create(
        listing=listing,
        defaults={
            "wishes_until": timezone.now() + timedelta(days=days),
            "created_by": by,
            "told_at": None,
            "sent_at": None,
        },
    )
    return sharing


def wishes_for(listing: MaterialListing) -> list[tuple[Reservation, float]]:
    """The requests for `listing` that wait for an answer, each with its distance in km."""
    waiting = listing.reservations.requested().select_related("organisation__municipality")
    here = listing.organisation
    return [(each, distance_km(here, each.organisation)) for each in waiting.order_by("pk")]


def distance_km(one: Organisation, other: Organisation) -> float:
    """As on a plane: good enough to say who is nearer."""
    (north, east), (to_north, to_east) = (tuple(map(float, each.position)) for each in (one, other))
    across = (to_east - east) * KM_PER_DEGREE * cos(radians(north))
    return hypot((to_north - north) * KM_PER_DEGREE, across)


def proposal(listing: MaterialListing) -> dict[int, Decimal]:
    """{key of a request: what it would get}, in the listing's unit: see `fairness.share`."""
    found = [
        Wish(key=each.pk, asked=each.requested_quantity, distance_km=distance)
        for each, distance in wishes_for(listing)
    ]
    stock = listing.stock
    if not listing.splittable:
        # Given away as a whole: to the nearest.
        nearest = min(found, key=lambda wish: (wish.distance_km, wish.key), default=None)
        return {
            wish.key: wish.asked if wish is nearest and wish.asked <= stock.left else Decimal(0)
            for wish in found
        }
    return share(found, left=stock.left, least=listing.smallest_part or Decimal(1))


@transaction.atomic
def send_answers(
    *, listing: MaterialListing, answers: Mapping[int, Decimal], by: User
) -> tuple[int, int]:
    """Answer every waiting request: yes to what `answers` gives it, no where that is nothing.

    Everything or nothing. Requests that came in the meantime, and are not in `answers`, stay.
    Returns (how many got a yes, how many a no). Raises `NotEnoughLeft` and `MoreThanAsked`.
    """
    stock = lock_stock(listing.pk)
    waiting = list(listing.reservations.requested().filter(pk__in=answers).order_by("pk"))
    given = {each.pk: answers[each.pk] for each in waiting}
    if sum(given.values(), Decimal(0)) > stock.left:
        raise NotEnoughLeft
    if any(given[each.pk] > each.requested_quantity for each in waiting):
        raise MoreThanAsked
    yes = [each for each in waiting if given[each.pk] > 0]
    for reservation in yes:
        accept_reservation(reservation=reservation, by=by, quantity=given[reservation.pk])
    no = [each for each in waiting if given[each.pk] <= 0]
    for reservation in no:
        reason = _("Many asked, and it was shared among those nearest.")
        decline_reservation(reservation=reservation, by=by, reason=reason)
    Sharing.objects.filter(listing=listing).update(sent_at=timezone.now())
    return len(yes), len(no)


def ask_to_share(now: datetime | None = None) -> int:
    """Tell givers, once, that the time for wishes is over. Returns how many."""
    return for_each_row(Sharing.objects.due(now), _ask)


@transaction.atomic
def _ask(pk: int) -> bool:
    if not Sharing.objects.filter(pk=pk, told_at=None).update(told_at=timezone.now()):
        return False
    sharing = Sharing.objects.select_related("listing__organisation").get(pk=pk)
    listing = sharing.listing
    notify(
        users=members(listing.organisation),
        type="sharing_ready",
        key=f"sharing:{pk}:{sharing.wishes_until:%Y%m%d%H%M}",
        listing=listing,
        count=listing.reservations.requested().count(),
    )
    return True
