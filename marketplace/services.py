"""What changes stock, reservations and the ledger: each function is one transaction.

Every function takes the listing's stock row first (`SELECT … FOR UPDATE`) and then the reservation,
always in that order, so that two people can neither promise the same box nor wait for each other
for ever. Who may do what is decided before, in `permissions`; rules that hold for everybody are
here, as named errors. Signals, notifications and mail leave after commit.
"""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState

from . import errors, notifications
from .models import (
    Handover,
    MaterialListing,
    Membership,
    Organisation,
    Reservation,
    ReservationMessage,
    Stock,
)
from .signals import handover_recorded, listing_changed

REMIND_AFTER = timedelta(days=7)
EXPIRE_AFTER = timedelta(days=14)
ASK_UNCOLLECTED_AFTER = timedelta(days=14)

GRAM = Decimal("0.001")
ORE = Decimal("0.01")


def rounded(value, step):
    """`value` as a Decimal rounded half up to `step`, as people expect on a receipt."""
    return Decimal(value).quantize(step, rounding=ROUND_HALF_UP)


# --- Stock and listings -------------------------------------------------------------------------


def announce(listing_id):
    """Tell the rest of the portal, after commit, that a listing looks different to the public."""
    transaction.on_commit(
        partial(listing_changed.send, sender=MaterialListing, listing_id=listing_id)
    )


def lock_stock(listing_id):
    return Stock.objects.select_for_update().get(listing_id=listing_id)


@transaction.atomic
def set_stock(*, listing, offered, unit, kg_per_unit):
    """Create or change how much of `listing` there is, in `unit`s of `kg_per_unit` kilograms each.

    Takes effect at once, also for a published listing: quantities are not reviewed. Raises
    `BelowPromised` when less is offered than what others have been promised or have collected, and
    `UnitLocked` when unit or weight would change the meaning of what has been promised.
    """
    offered = rounded(offered, GRAM)
    kg_per_unit = rounded(kg_per_unit, Decimal("0.0001"))
    if offered <= 0 or kg_per_unit <= 0:
        raise errors.QuantityNotPositive
    stock = Stock.objects.select_for_update().filter(listing=listing).first()
    if stock is None:
        stock = Stock(listing=listing)
    spoken_for = stock.reserved + stock.collected
    if offered < spoken_for:
        raise errors.BelowPromised
    if spoken_for and (stock.unit, stock.kg_per_unit) != (unit, kg_per_unit):
        raise errors.UnitLocked
    stock.offered, stock.unit, stock.kg_per_unit = offered, unit, kg_per_unit
    stock.save()
    announce(listing.pk)
    return stock


@transaction.atomic
def submit_listing(*, listing, by):
    """Save what is in `listing` as a new version and send it for review.

    The workflow that is assigned to the model in Wagtail decides what happens then. With no
    workflow the version stays a draft. A published listing stays online as it was until the new
    version is approved. A version that already waits is replaced by this one.
    """
    listing.save_revision(user=by, log_action=True)
    workflow = listing.get_workflow()
    if workflow is None:
        return listing
    state = listing.current_workflow_state
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=by)
    else:
        if state:
            state.cancel(user=by)
        workflow.start(listing, by)
    listing.refresh_from_db()
    return listing


@transaction.atomic
def withdraw_listing(*, listing, by):
    """Take a listing out of the exchange. What has been promised stays promised.

    Requests that nobody has answered are declined, a review in progress ends.
    """
    stock = lock_stock(listing.pk)
    if stock.closed_at is None:
        stock.closed_at = timezone.now()
        stock.save(update_fields=["closed_at"])
    if state := listing.current_workflow_state:
        state.cancel(user=by)
    for reservation in listing.reservations.requested().select_for_update(of=("self",)):
        _close(
            reservation,
            Reservation.State.DECLINED,
            by=by,
            note=_("The material is no longer given away."),
            kind="reservation_declined",
            users=notifications.members(reservation.organisation, but=by),
        )
    announce(listing.pk)
    return listing


@transaction.atomic
def reopen_listing(*, listing, by, available_until=None):
    """Put a closed or ended listing back, until `available_until` (a date, or None for no end).

    Only the last day changes, both in what is shown and in a version that may wait for review.
    """
    stock = lock_stock(listing.pk)
    if available_until and available_until < timezone.localdate():
        raise errors.ListingNotAvailable(_("The last day has already passed."))
    stock.closed_at = None
    stock.save(update_fields=["closed_at"])
    listing.available_until = available_until
    MaterialListing.objects.filter(pk=listing.pk).update(available_until=available_until)
    if revision := listing.latest_revision:
        revision.content["available_until"] = available_until and available_until.isoformat()
        revision.save(update_fields=["content"])
    announce(listing.pk)
    return listing


# --- Reservations -------------------------------------------------------------------------------


def _locked(reservation):
    """(stock, reservation) as they are now, both locked."""
    stock = lock_stock(reservation.listing_id)
    fresh = (
        Reservation.objects.select_for_update(of=("self",)).with_parties().get(pk=reservation.pk)
    )
    return stock, fresh


def _require(reservation, *states):
    if reservation.state not in states:
        raise errors.WrongState


def is_giver_side(reservation, by):
    """Whether `by` acts for the giver. Somebody in both organisations counts as the giver."""
    return Membership.objects.active().filter(user=by, organisation=reservation.giver).exists()


def _others(reservation, by):
    """The people on the other side of `reservation` than `by`."""
    side = reservation.organisation if is_giver_side(reservation, by) else reservation.giver
    return notifications.members(side, but=by)


def _both(reservation, but=None):
    return notifications.members(reservation.giver, reservation.organisation, but=but)


def _tell(reservation, kind, users, key="", **context):
    notifications.notify(
        users=users,
        kind=kind,
        key=":".join(filter(None, ["reservation", str(reservation.pk), kind, key])),
        reservation=reservation,
        listing=reservation.listing,
        **context,
    )


def _close(reservation, state, *, by, kind, users, note=""):
    reservation.state = state
    reservation.closed_at = timezone.now()
    reservation.closing_note = str(note)[:500]
    reservation.save(update_fields=["state", "closed_at", "closing_note"])
    _tell(reservation, kind, users, by=str(by or ""), reason=reservation.closing_note)


def _check_pickup(pickup_at):
    if pickup_at and pickup_at <= timezone.now():
        raise errors.PickupInThePast


def check_part(*, listing, stock, quantity):
    """Raise a named error unless `quantity` of `listing` may be asked for as things are."""
    if quantity <= 0:
        raise errors.QuantityNotPositive
    if quantity > stock.left:
        raise errors.NotEnoughLeft
    if not listing.splittable and quantity != stock.left:
        raise errors.MustTakeAll
    # The last bit may always be taken, even when it is less than the smallest part.
    if listing.smallest_part and quantity < min(listing.smallest_part, stock.left):
        raise errors.BelowSmallestPart


@transaction.atomic
def request_reservation(*, listing, organisation, by, quantity, purpose="", pickup_at=None):
    """Ask, for `organisation`, for `quantity` of `listing`. Nothing is promised by asking."""
    stock = lock_stock(listing.pk)
    listing = MaterialListing.objects.select_related("organisation", "stock").get(pk=listing.pk)
    if not (organisation.is_receiver and organisation.is_approved):
        raise errors.NotAReceiver
    if organisation == listing.organisation or not listing.is_available:
        raise errors.ListingNotAvailable
    if listing.reservations.open().made_by(organisation).exists():
        raise errors.AlreadyAsked
    quantity = rounded(quantity, GRAM)
    check_part(listing=listing, stock=stock, quantity=quantity)
    _check_pickup(pickup_at)
    try:
        with transaction.atomic():
            reservation = Reservation.objects.create(
                listing=listing,
                organisation=organisation,
                created_by=by,
                requested_quantity=quantity,
                purpose=purpose,
                pickup_at=pickup_at,
            )
    except IntegrityError as error:
        raise errors.AlreadyAsked from error
    _tell(reservation, "reservation_requested", notifications.members(reservation.giver, but=by))
    return reservation


@transaction.atomic
def accept_reservation(*, reservation, by, quantity=None, pickup_at=None):
    """Promise `quantity` (all that was asked for, unless less is given) to who asked.

    The wished pickup time is agreed to unless another `pickup_at` is given, which is then a
    proposal that the receiver agrees to.
    """
    stock, reservation = _locked(reservation)
    _require(reservation, Reservation.State.REQUESTED)
    listing = reservation.listing
    if not listing.live:
        raise errors.ListingNotAvailable
    quantity = rounded(quantity or reservation.requested_quantity, GRAM)
    if quantity <= 0:
        raise errors.QuantityNotPositive
    if quantity > reservation.requested_quantity:
        raise errors.MoreThanAsked
    if quantity > stock.left:
        raise errors.NotEnoughLeft
    if not listing.splittable and quantity != reservation.requested_quantity:
        raise errors.MustTakeAll
    now = timezone.now()
    proposes = pickup_at is not None and pickup_at != reservation.pickup_at
    if proposes:
        _check_pickup(pickup_at)
        reservation.pickup_at = pickup_at
        reservation.pickup_proposed_by_giver = True
    elif reservation.pickup_at:
        reservation.pickup_agreed_at = now
    stock.reserved += quantity
    stock.save(update_fields=["reserved"])
    reservation.state = Reservation.State.ACCEPTED
    reservation.accepted_quantity = quantity
    reservation.accepted_at = now
    reservation.save()
    _tell(
        reservation,
        "reservation_accepted",
        notifications.members(reservation.organisation, but=by),
    )
    announce(listing.pk)
    return reservation


@transaction.atomic
def decline_reservation(*, reservation, by, reason=""):
    """Say no to a request that has not been answered, with a word to who asked."""
    _stock, reservation = _locked(reservation)
    _require(reservation, Reservation.State.REQUESTED)
    _close(
        reservation,
        Reservation.State.DECLINED,
        by=by,
        note=reason,
        kind="reservation_declined",
        users=notifications.members(reservation.organisation, but=by),
    )
    return reservation


@transaction.atomic
def cancel_reservation(*, reservation, by, reason=""):
    """Call off a request or a promise, from either side. What was promised is free again."""
    stock, reservation = _locked(reservation)
    _require(reservation, *Reservation.OPEN_STATES)
    if reservation.state == Reservation.State.ACCEPTED:
        stock.reserved -= reservation.accepted_quantity
        stock.save(update_fields=["reserved"])
        announce(reservation.listing_id)
    _close(
        reservation,
        Reservation.State.CANCELLED,
        by=by,
        note=reason,
        kind="reservation_cancelled",
        users=_others(reservation, by),
    )
    return reservation


@transaction.atomic
def propose_pickup(*, reservation, by, pickup_at):
    """Suggest a time of pickup to the other side."""
    _stock, reservation = _locked(reservation)
    _require(reservation, *Reservation.OPEN_STATES)
    _check_pickup(pickup_at)
    reservation.pickup_at = pickup_at
    reservation.pickup_proposed_by_giver = is_giver_side(reservation, by)
    reservation.pickup_agreed_at = None
    reservation.uncollected_asked_at = None
    reservation.save()
    _tell(
        reservation,
        "pickup_proposed",
        _others(reservation, by),
        key=f"{timezone.now():%Y%m%d%H%M%S%f}",
        by=str(by),
        pickup_at=pickup_at.isoformat(),
    )
    return reservation


@transaction.atomic
def agree_pickup(*, reservation, by):
    """Say yes to the time that the other side has proposed."""
    _stock, reservation = _locked(reservation)
    _require(reservation, *Reservation.OPEN_STATES)
    own_proposal = reservation.pickup_proposed_by_giver == is_giver_side(reservation, by)
    if reservation.pickup_at is None or reservation.pickup_agreed_at or own_proposal:
        raise errors.WrongState
    reservation.pickup_agreed_at = timezone.now()
    reservation.save(update_fields=["pickup_agreed_at"])
    _tell(
        reservation,
        "pickup_agreed",
        _others(reservation, by),
        key=f"{reservation.pickup_at:%Y%m%d%H%M}",
        pickup_at=reservation.pickup_at.isoformat(),
    )
    return reservation


@transaction.atomic
def post_message(*, reservation, by, text):
    """Add a message to the thread; the other side is told. The thread stays open after closing."""
    side = reservation.giver if is_giver_side(reservation, by) else reservation.organisation
    message = ReservationMessage.objects.create(
        reservation=reservation, author=by, organisation=side, text=text
    )
    _tell(
        reservation,
        "message",
        _others(reservation, by),
        key=str(message.pk),
        by=str(by),
        text=text,
    )
    return message


# --- What time does ------------------------------------------------------------------------------


def remind_unanswered(now=None):
    """Remind givers, once, of requests without an answer for seven days. Returns how many."""
    now = now or timezone.now()
    waiting = Reservation.objects.requested().filter(
        created_at__lte=now - REMIND_AFTER, reminded_at=None
    )
    return sum(_remind(pk, now) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _remind(pk, now):
    _stock, reservation = _locked(Reservation.objects.get(pk=pk))
    if reservation.state != Reservation.State.REQUESTED or reservation.reminded_at:
        return False
    reservation.reminded_at = now
    reservation.save(update_fields=["reminded_at"])
    _tell(reservation, "reservation_reminder", notifications.members(reservation.giver))
    return True


def expire_reservations(now=None):
    """Close requests that nobody has answered for fourteen days. Returns how many."""
    now = now or timezone.now()
    waiting = Reservation.objects.requested().filter(created_at__lte=now - EXPIRE_AFTER)
    return sum(_expire(pk) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _expire(pk):
    _stock, reservation = _locked(Reservation.objects.get(pk=pk))
    if reservation.state != Reservation.State.REQUESTED:
        return False
    _close(
        reservation,
        Reservation.State.EXPIRED,
        by=None,
        kind="reservation_expired",
        users=_both(reservation),
    )
    return True


def ask_about_uncollected(now=None):
    """Ask both sides, once per agreed time, about what was not collected in fourteen days.

    Where no time was agreed, the days count from the acceptance. Returns how many were asked about.
    """
    now = now or timezone.now()
    limit = now - ASK_UNCOLLECTED_AFTER
    late = Reservation.objects.uncollected_since(limit).with_parties()
    asked = 0
    for reservation in late:
        with transaction.atomic():
            since = reservation.pickup_at or reservation.accepted_at
            asked += Reservation.objects.filter(
                pk=reservation.pk,
                state=Reservation.State.ACCEPTED,
                uncollected_asked_at=None,
            ).update(uncollected_asked_at=now)
            _tell(
                reservation,
                "reservation_not_collected",
                _both(reservation),
                key=f"{since:%Y%m%d}",
            )
    return asked


# --- Handovers -----------------------------------------------------------------------------------


@transaction.atomic
def record_handover(
    *,
    listing,
    receiver,
    quantity,
    mass_kg,
    would_have_bought="",
    cost_sek=None,
    on=None,
    by=None,
    reservation=None,
):
    """Add a row to the ledger and move the quantity to what has been collected.

    `mass_kg` is rounded to grams. Climate effect (kg CO2e) is mass × the category's factor on the
    day, rounded to grams; value is mass × the category's price per kg, rounded to öre. The avoided
    purchase is `cost_sek`, or else the value, × the share that the answer stands for
    (`Handover.AVOIDED_SHARE`), rounded to öre. All rounding is half up. Raises `NoFactor`.
    """
    on = on or timezone.localdate()
    if on > timezone.localdate():
        raise errors.HandoverInTheFuture
    quantity = rounded(quantity, GRAM)
    if quantity <= 0 or mass_kg < 0:
        raise errors.QuantityNotPositive
    stock = lock_stock(listing.pk)
    if quantity > stock.left:
        raise errors.NotEnoughLeft
    factor = listing.category.factor_on(on)
    if factor is None:
        raise errors.NoFactor
    stock.collected += quantity
    stock.save(update_fields=["collected"])
    handover = Handover(
        reservation=reservation,
        listing=listing,
        category=listing.category,
        giver=listing.organisation,
        receiver=receiver,
        giver_municipality=listing.organisation.municipality,
        receiver_municipality=receiver.municipality,
        handed_over_on=on,
        unit=stock.unit,
        kgco2e_per_kg=factor.kgco2e_per_kg,
        sek_per_kg=factor.sek_per_kg,
        factor_source=factor.source,
        factor_source_year=factor.source_year,
        recorded_by=by,
    )
    return _write(handover, quantity, mass_kg, would_have_bought, cost_sek)


def _write(handover, quantity, mass_kg, would_have_bought, cost_sek):
    """Compute the amounts of a new row from its factor and price, and write it."""
    mass_kg = rounded(mass_kg, GRAM)
    value = rounded(mass_kg * handover.sek_per_kg, ORE)
    share = Handover.AVOIDED_SHARE.get(would_have_bought, Decimal(0))
    handover.quantity = quantity
    handover.mass_kg = mass_kg
    handover.co2e_kg = rounded(mass_kg * handover.kgco2e_per_kg, GRAM)
    handover.value_sek = value
    handover.would_have_bought = would_have_bought
    handover.purchase_avoided_sek = rounded((value if cost_sek is None else cost_sek) * share, ORE)
    handover.save()
    announce_handover(handover)
    return handover


def announce_handover(handover):
    transaction.on_commit(partial(handover_recorded.send, sender=Handover, handover=handover))
    announce(handover.listing_id)


@transaction.atomic
def confirm_handover(
    *, reservation, by, quantity, mass_kg, would_have_bought, cost_sek=None, on=None
):
    """Record that a promised reservation changed hands, with the true quantity and kilograms.

    Either side may confirm, once; the other side is told and can report an error. More than was
    promised can be taken if it is there; what was promised but not taken is free again.
    """
    stock, reservation = _locked(reservation)
    _require(reservation, Reservation.State.ACCEPTED)
    stock.reserved -= reservation.accepted_quantity
    stock.save(update_fields=["reserved"])
    handover = record_handover(
        listing=reservation.listing,
        receiver=reservation.organisation,
        quantity=quantity,
        mass_kg=mass_kg,
        would_have_bought=would_have_bought,
        cost_sek=cost_sek,
        on=on,
        by=by,
        reservation=reservation,
    )
    reservation.state = Reservation.State.COLLECTED
    reservation.closed_at = timezone.now()
    reservation.save(update_fields=["state", "closed_at"])
    _tell(
        reservation,
        "handover_confirmed",
        _others(reservation, by),
        by=str(by),
        quantity=str(handover.quantity),
        unit=handover.unit,
        mass=str(handover.mass_kg),
    )
    return handover


REVERSED = ("quantity", "mass_kg", "co2e_kg", "value_sek", "purchase_avoided_sek")
COPIED = (
    "reservation",
    "listing",
    "category",
    "giver",
    "receiver",
    "giver_municipality",
    "receiver_municipality",
    "handed_over_on",
    "unit",
    "kgco2e_per_kg",
    "sek_per_kg",
    "factor_source",
    "factor_source_year",
)


@transaction.atomic
def correct_handover(
    *, handover, by, reason, quantity, mass_kg, would_have_bought=None, cost_sek=None
):
    """Reverse a row of the ledger and, unless `quantity` is 0, add one with the right amounts.

    The new row keeps the day, factor, price and municipalities of the one it replaces. What has
    been collected of the stock follows. Returns the new row, or the reversal when there is none.
    """
    stock = lock_stock(handover.listing_id)
    handover = Handover.objects.get(pk=handover.pk)
    if handover.is_reversal or hasattr(handover, "reversed_by"):
        raise errors.AlreadyReversed
    quantity = rounded(quantity, GRAM)
    if quantity < 0 or mass_kg < 0:
        raise errors.QuantityNotPositive
    change = quantity - handover.quantity
    if change > stock.left:
        raise errors.NotEnoughLeft
    stock.collected += change
    stock.save(update_fields=["collected"])
    copied = {name: getattr(handover, name) for name in COPIED}
    reversal = Handover(
        **copied,
        **{name: -getattr(handover, name) for name in REVERSED},
        would_have_bought=handover.would_have_bought,
        reverses=handover,
        reason=reason[:300],
        recorded_by=by,
    )
    reversal.save()
    announce_handover(reversal)
    if not quantity:
        return reversal
    if would_have_bought is None:
        would_have_bought = handover.would_have_bought
    replacement = Handover(**copied, reason=reason[:300], recorded_by=by)
    return _write(replacement, quantity, mass_kg, would_have_bought, cost_sek)


# --- Organisations -------------------------------------------------------------------------------


def ask_for_approval(*, organisation, by=None):
    """Tell those who approve organisations that a new one waits."""
    notifications.notify(
        users=notifications.approvers(organisation),
        kind="organisation_to_approve",
        key=f"organisation:{organisation.pk}:to_approve",
        organisation=organisation,
    )


@transaction.atomic
def approve_organisation(*, organisation, by, note=""):
    """Let an organisation take part in the exchange, and tell its people."""
    return _decide(organisation, Organisation.Approval.APPROVED, note, "organisation_approved")


@transaction.atomic
def reject_organisation(*, organisation, by, note=""):
    """Refuse an organisation, with a note on why to its people."""
    return _decide(organisation, Organisation.Approval.REJECTED, note, "organisation_rejected")


def _decide(organisation, approval, note, kind):
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.approval == approval:
        return organisation
    organisation.approval = approval
    organisation.approval_note = note
    now = timezone.now()
    organisation.approved_at = now if organisation.is_approved else None
    organisation.save(update_fields=["approval", "approval_note", "approved_at"])
    notifications.notify(
        users=notifications.members(organisation),
        kind=kind,
        key=f"organisation:{organisation.pk}:{kind}:{now:%Y%m%d%H%M%S}",
        organisation=organisation,
        note=note,
    )
    for pk in organisation.listings.values_list("pk", flat=True):
        announce(pk)
    return organisation
