"""From a request to a promise, and what giver and receiver agree on."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace import errors, notifications
from marketplace.models import MaterialListing, Membership, Reservation, ReservationMessage

from .stock import GRAM, announce, lock_stock, rounded
from .waiting import offer_to_next


def locked(reservation):
    """(stock, reservation) as they are now, both locked."""
    stock = lock_stock(reservation.listing_id)
    fresh = (
        Reservation.objects.select_for_update(of=("self",)).with_parties().get(pk=reservation.pk)
    )
    return stock, fresh


def require(reservation, *states):
    if reservation.state not in states:
        raise errors.WrongState


def is_giver_side(reservation, by):
    """Whether `by` acts for the giver. Somebody in both organisations counts as the giver."""
    return Membership.objects.active().filter(user=by, organisation=reservation.giver).exists()


def others(reservation, by):
    """The people on the other side of `reservation` than `by`."""
    side = reservation.organisation if is_giver_side(reservation, by) else reservation.giver
    return notifications.members(side, but=by)


def signature(reservation, by):
    """Who did something and for whom, such as "Kim Larsson (Björkskolan)"."""
    side = reservation.giver if is_giver_side(reservation, by) else reservation.organisation
    return f"{by} ({side.name})"


def both(reservation, but=None):
    return notifications.members(reservation.giver, reservation.organisation, but=but)


def tell(reservation, kind, users, key="", **context):
    notifications.notify(
        users=users,
        kind=kind,
        key=":".join(filter(None, ["reservation", str(reservation.pk), kind, key])),
        reservation=reservation,
        listing=reservation.listing,
        **context,
    )


def close(reservation, state, *, kind, users, note="", **context):
    reservation.state = state
    reservation.closed_at = timezone.now()
    reservation.closing_note = str(note)[:500]
    reservation.save(update_fields=["state", "closed_at", "closing_note"])
    offer_to_next(reservation.listing_id)
    tell(reservation, kind, users, reason=reservation.closing_note, **context)


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
def request_reservation(
    *, listing, organisation, by, quantity, purpose="", pickup_at=None, pickup_until=None
):
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
                pickup_until=pickup_until,
            )
    except IntegrityError as error:
        raise errors.AlreadyAsked from error
    tell(reservation, "reservation_requested", notifications.members(reservation.giver, but=by))
    return reservation


@transaction.atomic
def accept_reservation(*, reservation, by, quantity=None, pickup_at=None):
    """Promise `quantity` (all that was asked for, unless less is given) to who asked.

    The wished pickup time is agreed to unless another `pickup_at` is given, which is then a
    proposal that the receiver agrees to.
    """
    stock, reservation = locked(reservation)
    require(reservation, Reservation.State.REQUESTED)
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
        reservation.pickup_until = None
        reservation.pickup_proposed_by_giver = True
    elif reservation.pickup_at:
        reservation.pickup_agreed_at = now
    stock.reserved += quantity
    stock.save(update_fields=["reserved"])
    reservation.state = Reservation.State.ACCEPTED
    reservation.accepted_quantity = quantity
    reservation.accepted_at = now
    reservation.save()
    tell(
        reservation,
        "reservation_accepted",
        notifications.members(reservation.organisation, but=by),
    )
    offer_to_next(listing.pk)
    announce(listing.pk)
    return reservation


@transaction.atomic
def decline_reservation(*, reservation, by, reason=""):
    """Say no to a request that has not been answered, with a word to who asked."""
    _stock, reservation = locked(reservation)
    require(reservation, Reservation.State.REQUESTED)
    close(
        reservation,
        Reservation.State.DECLINED,
        note=reason,
        kind="reservation_declined",
        users=notifications.members(reservation.organisation, but=by),
    )
    return reservation


@transaction.atomic
def cancel_reservation(*, reservation, by, reason=""):
    """Call off a request or a promise, from either side. What was promised is free again."""
    stock, reservation = locked(reservation)
    require(reservation, *Reservation.OPEN_STATES)
    if reservation.state == Reservation.State.ACCEPTED:
        stock.reserved -= reservation.accepted_quantity
        stock.save(update_fields=["reserved"])
        announce(reservation.listing_id)
    close(
        reservation,
        Reservation.State.CANCELLED,
        by=signature(reservation, by),
        by_giver=is_giver_side(reservation, by),
        note=reason,
        kind="reservation_cancelled",
        users=others(reservation, by),
    )
    return reservation


@transaction.atomic
def prolong_reservation(*, reservation, by):
    """Give a request or a promise two more weeks, once. The other side is told."""
    _stock, reservation = locked(reservation)
    require(reservation, *Reservation.OPEN_STATES)
    if reservation.prolonged_at:
        raise errors.AlreadyProlonged
    reservation.prolonged_at = timezone.now()
    reservation.uncollected_asked_at = None
    reservation.save(update_fields=["prolonged_at", "uncollected_asked_at"])
    tell(
        reservation,
        "reservation_prolonged",
        others(reservation, by),
        unanswered=reservation.state == Reservation.State.REQUESTED,
    )
    return reservation


@transaction.atomic
def propose_pickup(*, reservation, by, pickup_at, pickup_until=None):
    """Suggest a time of pickup to the other side.

    A receiver who picks one of the times that the giver of a promise offers has agreed by that.
    """
    _stock, reservation = locked(reservation)
    require(reservation, *Reservation.OPEN_STATES)
    _check_pickup(pickup_at)
    gives = is_giver_side(reservation, by)
    reservation.pickup_at = pickup_at
    reservation.pickup_until = pickup_until
    reservation.pickup_proposed_by_giver = gives
    reservation.pickup_agreed_at = None
    reservation.uncollected_asked_at = None
    if reservation.state == Reservation.State.ACCEPTED and not gives:
        offered = reservation.giver.pickup_times.coming()
        if pickup_at in [pickup.starts_at for pickup in offered]:
            reservation.pickup_agreed_at = timezone.now()
    reservation.save()
    if reservation.pickup_agreed_at:
        tell_agreed(reservation, by)
        return reservation
    tell(
        reservation,
        "pickup_proposed",
        others(reservation, by),
        key=f"{timezone.now():%Y%m%d%H%M%S%f}",
        by=signature(reservation, by),
        pickup_at=pickup_at.isoformat(),
    )
    return reservation


@transaction.atomic
def agree_pickup(*, reservation, by):
    """Say yes to the time that the other side has proposed."""
    _stock, reservation = locked(reservation)
    require(reservation, *Reservation.OPEN_STATES)
    own_proposal = reservation.pickup_proposed_by_giver == is_giver_side(reservation, by)
    if reservation.pickup_at is None or reservation.pickup_agreed_at or own_proposal:
        raise errors.WrongState
    reservation.pickup_agreed_at = timezone.now()
    reservation.save(update_fields=["pickup_agreed_at"])
    tell_agreed(reservation, by)
    return reservation


def tell_agreed(reservation, by):
    """Tell everybody on both sides but `by`, who has just read it."""
    tell(
        reservation,
        "pickup_agreed",
        both(reservation, but=by),
        key=f"{reservation.pickup_agreed_at:%Y%m%d%H%M%S}",
    )


@transaction.atomic
def post_message(*, reservation, by, text):
    """Add a message to the thread; the other side is told. The thread stays open after closing."""
    side = reservation.giver if is_giver_side(reservation, by) else reservation.organisation
    message = ReservationMessage.objects.create(
        reservation=reservation, author=by, organisation=side, text=text
    )
    tell(
        reservation,
        "message",
        others(reservation, by),
        key=str(message.pk),
        by=signature(reservation, by),
        text=text,
    )
    return message
