"""The ledger: what changed hands, and corrections of it."""

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.exchange.errors import NotEnoughLeft, QuantityNotPositive
from marketplace.exchange.handovers.errors import (
    AlreadyReversed,
    BeforeTheAgreedDay,
    NoFactor,
)
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.reservations.actions import Action, Side
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import ensure_possible, lock_for_update
from marketplace.exchange.reservations.telling import notify_counterparty, side_of
from marketplace.exchange.reservations.ways import way_of
from marketplace.exchange.stock.models import Stock
from marketplace.exchange.stock.services import lock_stock
from marketplace.exchange.waiting_list.services import offer_to_next
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import ClimateFactor
from marketplace.materials.units import GRAM, ORE, rounded
from marketplace.organisations.models import Organisation
from marketplace.signals import handover_recorded, send_listing_changed
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User

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
    "is_weighed",
    "kgco2e_per_kg",
    "sek_per_kg",
    "factor_source",
    "factor_source_year",
    "revaluation",
)


@transaction.atomic
def record_handover(
    *,
    listing: MaterialListing,
    receiver: Organisation,
    facts: HandoverFacts,
    by: User | None = None,
    reservation: Reservation | None = None,
    giver: Organisation | None = None,
    recorded_at: datetime | None = None,
) -> Handover:
    """Add a row to the ledger and move the quantity to what has been collected.

    `amounts` says how mass, climate effect and money follow. `giver` is the organisation that
    offers the listing, except at a hub, which hands out what others have brought. `recorded_at` is
    now, except for an imported history. Raises `NoFactor`, and what `HandoverFacts.check` does.
    """
    facts.check()
    giver = giver or listing.organisation
    stock = lock_stock(listing.pk)
    if facts.rounded_quantity > stock.left:
        raise NotEnoughLeft
    factor = listing.category.factor_on(facts.day)
    if factor is None:
        raise NoFactor
    stock.collected += facts.rounded_quantity
    stock.save(update_fields=["collected"])
    handover = Handover(
        reservation=reservation,
        listing=listing,
        category=listing.category,
        giver=giver,
        receiver=receiver,
        handed_over_on=facts.day,
        unit=stock.unit,
        is_weighed=facts.is_weighed,
        recorded_by=by,
        recorded_at=recorded_at or timezone.now(),
    )
    _copy_values_of_the_day(handover, factor)
    return _write(handover, facts)


def _copy_values_of_the_day(handover: Handover, factor: ClimateFactor) -> None:
    """Keep municipalities, factor and price in the row: later changes must not reach it."""
    handover.giver_municipality = handover.giver.municipality
    handover.receiver_municipality = handover.receiver.municipality
    handover.kgco2e_per_kg = factor.kgco2e_per_kg
    handover.sek_per_kg = factor.sek_per_kg
    handover.factor_source = factor.source
    handover.factor_source_year = factor.source_year


def amounts(
    *,
    mass_kg: Decimal | int,
    kgco2e_per_kg: Decimal,
    sek_per_kg: Decimal,
    would_have_bought: str,
    stated_cost_sek: Decimal | None,
) -> dict[str, Decimal]:
    """Return what a row is worth: {mass_kg, co2e_kg, value_sek, purchase_avoided_sek}.

    `mass_kg` is rounded to grams. Climate effect (kg CO2e) is mass × the category's factor on the
    day, rounded to grams; value is mass × the category's price per kg, rounded to öre. The avoided
    purchase is `stated_cost_sek`, or else the value, × the share that the answer stands for
    (`Handover.AVOIDED_SHARE`), rounded to öre. All rounding is half up.
    """
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


def _write(handover: Handover, facts: HandoverFacts) -> Handover:
    """Compute the amounts of a new row from its factor and price, and write it."""
    handover.quantity = facts.rounded_quantity
    handover.would_have_bought = facts.would_have_bought
    handover.stated_cost_sek = None if facts.cost_sek is None else rounded(facts.cost_sek, ORE)
    values = amounts(
        mass_kg=facts.mass_kg,
        kgco2e_per_kg=handover.kgco2e_per_kg,
        sek_per_kg=handover.sek_per_kg,
        would_have_bought=facts.would_have_bought,
        stated_cost_sek=handover.stated_cost_sek,
    )
    for name, value in values.items():
        setattr(handover, name, value)
    handover.save()
    announce_handover(handover)
    return handover


def announce_handover(handover: Handover) -> None:
    transaction.on_commit(partial(handover_recorded.send, sender=Handover, handover=handover))
    send_listing_changed(handover.listing_id)


@transaction.atomic
def confirm_handover(
    *,
    reservation: Reservation,
    by: User,
    quantity: Decimal | int,
    mass_kg: Decimal | int | None = None,
    early: bool = False,
    **answers: Any,
) -> Handover:
    """Record that a promised reservation changed hands, with the true quantity and kilograms.

    `mass_kg` is what was weighed; without it, the mass follows from the quantity and what one
    weighs by the listing. `answers` are the rest of `HandoverFacts`. Raises `BeforeTheAgreedDay`
    when a pickup is agreed for a later day, unless `early` says that it has been collected.

    Either side may confirm, once; the other side is notified and can report an error. More than
    was promised can be taken if it is there; what was promised but not taken is free again.
    """
    handover = confirm_silently(
        reservation=reservation, by=by, quantity=quantity, mass_kg=mass_kg, early=early, **answers
    )
    notify_counterparty(
        reservation,
        "handover_confirmed",
        by,
        quantity=str(handover.quantity),
        unit=handover.unit,
        mass=str(handover.mass_kg),
        weighed=handover.is_weighed,
    )
    return handover


@transaction.atomic
def confirm_silently(
    *,
    reservation: Reservation,
    by: User,
    quantity: Decimal | int,
    mass_kg: Decimal | int | None = None,
    early: bool = False,
    **answers: Any,
) -> Handover:
    """Record as `confirm_handover` does; telling the other side is left to the caller."""
    stock, reservation = lock_for_update(reservation)
    side = side_of(reservation, by)
    ensure_possible(reservation, Action.CONFIRM, side)
    if reservation.is_before_agreed_day and not early:
        raise BeforeTheAgreedDay
    facts = _facts(stock, quantity, mass_kg, **answers)
    handover = _complete(stock, reservation, facts, by=by)
    own = reservation.party(side)
    record(EventType.HANDOVER_CONFIRMED, actor=by, organisation=own, target=handover)
    return handover


def _facts(
    stock: Stock, quantity: Decimal | int, mass_kg: Decimal | int | None, **answers: Any
) -> HandoverFacts:
    """Return the facts, with the mass by what one weighs where nobody has weighed it."""
    return HandoverFacts(
        quantity=quantity,
        mass_kg=estimated_mass(quantity, stock.kg_per_unit) if mass_kg is None else mass_kg,
        is_weighed=mass_kg is not None,
        **answers,
    )


def _complete(
    stock: Stock, reservation: Reservation, facts: HandoverFacts, *, by: User | None = None
) -> Handover:
    """Write the row of the ledger and close the reservation; both rows are locked."""
    stock.reserved -= cast(Decimal, reservation.accepted_quantity)
    stock.save(update_fields=["reserved"])
    handover = record_handover(
        listing=reservation.listing,
        receiver=reservation.organisation,
        facts=facts,
        by=by,
        reservation=reservation,
    )
    reservation.state = Reservation.State.COLLECTED
    reservation.closed_at = timezone.now()
    reservation.save(update_fields=["state", "closed_at"])
    way_of(reservation.way).closed(reservation)
    offer_to_next(reservation.listing_id)
    return handover


@transaction.atomic
def record_delivery(
    *,
    reservation: Reservation,
    quantity: Decimal | None = None,
    mass_kg: Decimal | None = None,
    on: date | None = None,
) -> Handover:
    """Record that a carrier has left a promised reservation at the receiver's. Nobody signs.

    `quantity` is what was promised unless the driver counted; `mass_kg` is what the driver weighed,
    or None. Notifying both sides is up to the caller.
    """
    stock, reservation = lock_for_update(reservation)
    ensure_possible(reservation, Action.CONFIRM, Side.GIVER)
    facts = _facts(stock, quantity or cast(Decimal, reservation.accepted_quantity), mass_kg, on=on)
    handover = _complete(stock, reservation, facts)
    record(EventType.HANDOVER_CONFIRMED, organisation=reservation.giver, target=handover)
    return handover


def estimated_mass(quantity: Decimal | int, kg_per_unit: Decimal) -> Decimal:
    """The mass of `quantity` in kg by what one weighs: at least a gram, as a row needs some."""
    return max(rounded(quantity * kg_per_unit, GRAM), GRAM)


@transaction.atomic
def answer_bought(*, reservation: Reservation, by: User, would_have_bought: str) -> Handover:
    """Note what the receiver says of a handover that a driver or a hub has recorded.

    The row is replaced by one that differs in the answer only: the ledger is append-only.
    """
    _stock, reservation = lock_for_update(reservation)
    ensure_possible(reservation, Action.SAY_BOUGHT, Side.RECEIVER)
    handover = reservation.unanswered_handover
    return correct_handover(
        handover=handover,
        by=by,
        reason=_("Answered after the delivery."),
        quantity=handover.quantity,
        mass_kg=handover.mass_kg,
        would_have_bought=would_have_bought,
    )


@transaction.atomic
def correct_handover(
    *,
    handover: Handover,
    by: User | None,
    reason: str,
    quantity: Decimal | int,
    mass_kg: Decimal | int,
    would_have_bought: str | None = None,
    cost_sek: Decimal | None = None,
) -> Handover:
    """Reverse a row of the ledger and, unless `quantity` is 0, add one with the right amounts.

    The new row keeps the day, factor, price and municipalities of the one it replaces; a cost that
    the receiver stated follows the quantity, unless another is given. What has been collected of
    the stock follows. Returns the new row, or the reversal when there is none.
    """
    stock = lock_stock(handover.listing_id)
    handover = Handover.objects.get(pk=handover.pk)
    if handover.is_reversal or hasattr(handover, "reversed_by"):
        raise AlreadyReversed
    quantity = rounded(quantity, GRAM)
    if quantity < 0 or mass_kg < 0:
        raise QuantityNotPositive
    _collect(stock, quantity - handover.quantity)
    reversal = _reverse(handover, by, reason)
    offer_to_next(handover.listing_id)
    if not quantity:
        return reversal
    if would_have_bought is None:
        would_have_bought = handover.would_have_bought
    if cost_sek is None and handover.stated_cost_sek is not None:
        cost_sek = handover.stated_cost_sek * quantity / handover.quantity
    replacement = Handover(
        **_copied(handover), replaces=handover, reason=reason[:300], recorded_by=by
    )
    facts = HandoverFacts(
        quantity=quantity, mass_kg=mass_kg, would_have_bought=would_have_bought, cost_sek=cost_sek
    )
    return _write(replacement, facts)


def _collect(stock: Stock, quantity: Decimal) -> None:
    """Let there be `quantity` more collected, or less. Raises `NotEnoughLeft`."""
    if quantity > stock.left:
        raise NotEnoughLeft
    stock.collected += quantity
    stock.save(update_fields=["collected"])


def _copied(handover: Handover) -> dict[str, Any]:
    return {name: getattr(handover, name) for name in COPIED}


def _reverse(handover: Handover, by: User | None, reason: str) -> Handover:
    """Add the row that takes `handover` away."""
    reversal = Handover(
        **_copied(handover),
        **{name: -getattr(handover, name) for name in REVERSED},
        would_have_bought=handover.would_have_bought,
        stated_cost_sek=handover.stated_cost_sek,
        reverses=handover,
        reason=reason[:300],
        recorded_by=by,
    )
    reversal.save()
    record(EventType.CORRECTED, actor=by, target=handover)
    announce_handover(reversal)
    return reversal
