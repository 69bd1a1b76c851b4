"""Leftovers that keep coming: when to ask for them, and what each answer does."""

from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.exchange.errors import ListingNotAvailable
from marketplace.exchange.stock.services import lock_stock
from marketplace.listings.models import MaterialListing
from marketplace.notifications.services import notify
from marketplace.offers.regular.errors import AlreadyAnswered
from marketplace.offers.regular.models import RegularOffer
from marketplace.offers.services import reopen_listing, set_stock
from marketplace.organisations.membership.recipients import members
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.users.models import User

ASK_FROM_HOUR = 8
NONE = MaterialListing.Recurrence.NONE


@transaction.atomic
def follow_regular_offer(listing: MaterialListing) -> RegularOffer | None:
    """Ask from now on for `listing` as often as its published version says, or no longer."""
    if listing.recurrence == NONE:
        RegularOffer.objects.filter(listing=listing).delete()
        return None
    first = RegularOffer.day_after(timezone.localdate(), listing.recurrence)
    regular, _created = RegularOffer.objects.get_or_create(
        listing=listing, defaults={"next_on": first, "quantity": listing.stock.left or None}
    )
    if regular.next_on > first:
        # Monthly has become weekly.
        regular.next_on = first
        regular.save(update_fields=["next_on"])
    return regular


def ask_about_regular_offers(now: datetime | None = None) -> int:
    """Ask givers whose leftovers come back whether they have them again. Returns how many."""
    now = now or timezone.now()
    if timezone.localtime(now).hour < ASK_FROM_HOUR:
        return 0
    today = timezone.localdate(now)
    return for_each_row(RegularOffer.objects.due(today), partial(_ask, today=today))


@transaction.atomic
def _ask(pk: int, today: date) -> bool:
    regular = RegularOffer.objects.select_for_update().get(pk=pk)
    if regular.paused_at or regular.next_on > today:
        return False
    listing = regular.listing
    if regular.unanswered >= RegularOffer.PATIENCE:
        regular.paused_at = timezone.now()
        regular.asked_on = None
        regular.save(update_fields=["paused_at", "asked_on"])
        return False
    regular.asked_on = today
    regular.unanswered = F("unanswered") + 1
    _move_on(regular, today)
    regular.save()
    notify(
        users=members(listing.organisation),
        type="regular_offer",
        key=f"regular:{regular.pk}:{today}",
        listing=listing,
        organisation=listing.organisation,
        regular_id=regular.pk,
        asked_on=today.isoformat(),
        quantity=str(regular.quantity or listing.stock.offered),
        unit=listing.stock.unit,
    )
    return True


def _move_on(regular: RegularOffer, today: date) -> None:
    """The next day to ask, in step with those before: always after `today`."""
    day = regular.next_on
    while day <= today:
        day = RegularOffer.day_after(day, regular.listing.recurrence)
    regular.next_on = day


def _locked(regular: RegularOffer, asked_on: date | None) -> RegularOffer:
    """The row, if it waits for the answer to the question of `asked_on` (None: any time)."""
    found = RegularOffer.objects.select_for_update().filter(pk=regular.pk).first()
    if found is None or (asked_on and found.asked_on != asked_on):
        raise AlreadyAnswered
    return found


@transaction.atomic
def answer_regular_offer(
    *,
    regular: RegularOffer,
    quantity: Decimal,
    by: User | None = None,
    asked_on: date | None = None,
) -> RegularOffer:
    """Fill the listing up: from now on there is `quantity` of it, besides what is promised.

    `asked_on` is the day of the question that is answered; without one the giver has not waited
    for the question. The words were reviewed when published, so nothing is reviewed again.
    """
    regular = _locked(regular, asked_on)
    listing = regular.listing
    if not listing.live:
        raise ListingNotAvailable
    today = timezone.localdate()
    if asked_on is None and regular.asked_on is None and regular.paused_at is None:
        regular.next_on = RegularOffer.day_after(today, listing.recurrence)
    stock = lock_stock(listing.pk)
    until = listing.available_until
    if until and until < max(regular.next_on, today):
        until = max(regular.next_on, today)
    reopen_listing(listing=listing, by=by, available_until=until)
    set_stock(
        listing=listing,
        offered=stock.reserved + stock.collected + quantity,
        unit=stock.unit,
        kg_per_unit=stock.kg_per_unit,
    )
    regular.quantity = quantity
    return _answered(regular)


@transaction.atomic
def skip_regular_offer(*, regular: RegularOffer, asked_on: date | None = None) -> RegularOffer:
    """Nothing this time; the portal asks again the next."""
    return _answered(_locked(regular, asked_on))


def _answered(regular: RegularOffer) -> RegularOffer:
    regular.asked_on = None
    regular.unanswered = 0
    regular.save()
    return regular


@transaction.atomic
def pause_regular_offer(*, regular: RegularOffer, asked_on: date | None = None) -> RegularOffer:
    """Pause a regular offer until the giver resumes it."""
    regular = _locked(regular, asked_on)
    regular.paused_at = regular.paused_at or timezone.now()
    return _answered(regular)


@transaction.atomic
def resume_regular_offer(*, regular: RegularOffer) -> RegularOffer:
    regular = _locked(regular, None)
    regular.paused_at = None
    regular.next_on = RegularOffer.day_after(timezone.localdate(), regular.listing.recurrence)
    return _answered(regular)


@transaction.atomic
def stop_regular_offer(*, regular: RegularOffer) -> None:
    """The leftovers come no more. The listing stays as it is."""
    regular = _locked(regular, None)
    listing = regular.listing
    MaterialListing.objects.filter(pk=listing.pk).update(recurrence=NONE)
    if revision := listing.latest_revision:
        revision.content["recurrence"] = NONE
        revision.save(update_fields=["content"])
    regular.delete()


# --- The link in the mail -------------------------------------------------------------------------

SALT = "marketplace.regular_offer"
VALID_SECONDS = 60 * 24 * 60 * 60


def regular_offer_token(regular_pk: int, asked_on: str, user_pk: int) -> str:
    """What a link needs to answer one question without signing in. `asked_on` as an ISO date.

    It is for one person, for as long as they act for the company.
    """
    return signing.dumps([regular_pk, asked_on, user_pk], salt=SALT)


def read_regular_offer_token(token: str) -> tuple[int, str, int]:
    """(pk, ISO date, pk of the person). Raises `signing.BadSignature`, also when it is too old."""
    parts = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
    if len(parts) != 3:
        # Sent before links were for one person.
        raise signing.SignatureExpired
    return parts
