"""The ledger: what changed hands, and corrections of it."""

from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils import timezone

from marketplace import errors
from marketplace.models import Handover, Reservation
from marketplace.signals import handover_recorded

from .reservations import locked, others, require, signature, tell
from .stock import GRAM, ORE, announce, lock_stock, rounded
from .waiting import offer_to_next

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
    "revaluation",
)


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
    recorded_at=None,
):
    """Add a row to the ledger and move the quantity to what has been collected.

    `mass_kg` is rounded to grams. Climate effect (kg CO2e) is mass × the category's factor on the
    day, rounded to grams; value is mass × the category's price per kg, rounded to öre. The avoided
    purchase is `cost_sek`, or else the value, × the share that the answer stands for
    (`Handover.AVOIDED_SHARE`), rounded to öre. All rounding is half up. Raises `NoFactor`.
    `recorded_at` is now, other than for a history that is brought in from elsewhere.
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
        recorded_at=recorded_at or timezone.now(),
    )
    return _write(handover, quantity, mass_kg, would_have_bought, cost_sek)


def amounts(*, mass_kg, kgco2e_per_kg, sek_per_kg, would_have_bought, stated_cost_sek):
    """What a row of the ledger is worth: {mass_kg, co2e_kg, value_sek, purchase_avoided_sek}."""
    mass_kg = rounded(mass_kg, GRAM)
    value = rounded(mass_kg * sek_per_kg, ORE)
    share = Handover.AVOIDED_SHARE.get(would_have_bought, Decimal(0))
    cost = value if stated_cost_sek is None else stated_cost_sek
    return {
        "mass_kg": mass_kg,
        "co2e_kg": rounded(mass_kg * kgco2e_per_kg, GRAM),
        "value_sek": value,
        "purchase_avoided_sek": rounded(cost * share, ORE),
    }


def _write(handover, quantity, mass_kg, would_have_bought, cost_sek):
    """Compute the amounts of a new row from its factor and price, and write it."""
    handover.quantity = quantity
    handover.would_have_bought = would_have_bought
    handover.stated_cost_sek = None if cost_sek is None else rounded(cost_sek, ORE)
    values = amounts(
        mass_kg=mass_kg,
        kgco2e_per_kg=handover.kgco2e_per_kg,
        sek_per_kg=handover.sek_per_kg,
        would_have_bought=would_have_bought,
        stated_cost_sek=handover.stated_cost_sek,
    )
    for name, value in values.items():
        setattr(handover, name, value)
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
    stock, reservation = locked(reservation)
    require(reservation, Reservation.State.ACCEPTED)
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
    offer_to_next(reservation.listing_id)
    tell(
        reservation,
        "handover_confirmed",
        others(reservation, by),
        by=signature(reservation, by),
        quantity=str(handover.quantity),
        unit=handover.unit,
        mass=str(handover.mass_kg),
    )
    return handover


@transaction.atomic
def correct_handover(
    *, handover, by, reason, quantity, mass_kg, would_have_bought=None, cost_sek=None
):
    """Reverse a row of the ledger and, unless `quantity` is 0, add one with the right amounts.

    The new row keeps the day, factor, price and municipalities of the one it replaces; a cost that
    the receiver stated follows the quantity, unless another is given. What has been collected of
    the stock follows. Returns the new row, or the reversal when there is none.
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
        stated_cost_sek=handover.stated_cost_sek,
        reverses=handover,
        reason=reason[:300],
        recorded_by=by,
    )
    reversal.save()
    announce_handover(reversal)
    offer_to_next(handover.listing_id)
    if not quantity:
        return reversal
    if would_have_bought is None:
        would_have_bought = handover.would_have_bought
    if cost_sek is None and handover.stated_cost_sek is not None:
        cost_sek = handover.stated_cost_sek * quantity / handover.quantity
    replacement = Handover(**copied, replaces=handover, reason=reason[:300], recorded_by=by)
    return _write(replacement, quantity, mass_kg, would_have_bought, cost_sek)
