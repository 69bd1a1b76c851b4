"""Leftovers that keep coming: when to ask for them, and what each answer does."""

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace import errors, notifications
from marketplace.models import MaterialListing, RegularOffer

from .listings import reopen_listing, set_stock
from .stock import lock_stock

ASK_FROM_HOUR = 8
NONE = MaterialListing.Recurrence.NONE


@transaction.atomic
def follow_regular_offer(listing):
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


def ask_about_regular_offers(now=None):
    """Ask givers whose leftovers come back whether they have them again. Returns how many."""
    now = now or timezone.now()
    if timezone.localtime(now).hour < ASK_FROM_HOUR:
        return 0
    due = RegularOffer.objects.due(timezone.localdate(now)).values_list("pk", flat=True)
    return sum(_ask(pk, timezone.localdate(now)) for pk in list(due))


@transaction.atomic
def _ask(pk, today):
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
    notifications.notify(
        users=notifications.members(listing.organisation),
        kind="regular_offer",
        key=f"regular:{regular.pk}:{today}",
        listing=listing,
        organisation=listing.organisation,
        regular_id=regular.pk,
        asked_on=today.isoformat(),
        quantity=str(regular.quantity or listing.stock.offered),
        unit=listing.stock.unit,
    )
    return True


def _move_on(regular, today):
    """The next day to ask, in step with those before: always after `today`."""
    day = regular.next_on
    while day <= today:
        day = RegularOffer.day_after(day, regular.listing.recurrence)
    regular.next_on = day


def _locked(regular, asked_on):
    """The row, if it waits for the answer to the question of `asked_on` (None: any time)."""
    regular = RegularOffer.objects.select_for_update().filter(pk=regular.pk).first()
    if regular is None or (asked_on and regular.asked_on != asked_on):
        raise errors.AlreadyAnswered
    return regular


@transaction.atomic
def answer_regular_offer(*, regular, quantity, by=None, asked_on=None):
    """Fill the listing up: from now on there is `quantity` of it, besides what is promised.

    `asked_on` is the day of the question that is answered; without one the giver has not waited
    for the question. The words were reviewed when they were published, so nothing is reviewed anew.
    """
    regular = _locked(regular, asked_on)
    listing = regular.listing
    if not listing.live:
        raise errors.ListingNotAvailable
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
def skip_regular_offer(*, regular, asked_on=None):
    """Nothing this time; the portal asks again the next."""
    return _answered(_locked(regular, asked_on))


def _answered(regular):
    regular.asked_on = None
    regular.unanswered = 0
    regular.save()
    return regular


@transaction.atomic
def pause_regular_offer(*, regular, asked_on=None):
    """Ask no more until the giver says so."""
    regular = _locked(regular, asked_on)
    regular.paused_at = regular.paused_at or timezone.now()
    return _answered(regular)


@transaction.atomic
def resume_regular_offer(*, regular):
    regular = _locked(regular, None)
    regular.paused_at = None
    regular.next_on = RegularOffer.day_after(timezone.localdate(), regular.listing.recurrence)
    return _answered(regular)


@transaction.atomic
def stop_regular_offer(*, regular):
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


def regular_offer_token(regular_pk, asked_on):
    """What a link needs to answer one question without signing in. `asked_on` as an ISO date."""
    return signing.dumps([regular_pk, asked_on], salt=SALT)


def read_regular_offer_token(token):
    """(pk, ISO date) of a token. Raises `signing.BadSignature`, also when it is too old."""
    return signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
