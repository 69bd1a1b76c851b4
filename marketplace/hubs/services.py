"""What happens at a hub: take in, hand out by a tap, undo a tap."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.exchange.errors import NotAReceiver, QuantityNotPositive
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.exchange.stock.models import Stock
from marketplace.hubs.errors import HubClosed, ShelfEmpty, TooLateToUndo
from marketplace.hubs.models import Hub, HubCard, Movement, Scan, Shelf
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import GRAM, Unit, rounded
from marketplace.organisations.models import Organisation
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User

# What was tapped without a connection is believed about its time for as long.
LATEST = timedelta(days=7)


@transaction.atomic
def open_shelf(
    *,
    hub: Hub,
    name: str,
    category: MaterialCategory,
    handful_kg: Decimal,
    bag_kg: Decimal,
    box_kg: Decimal,
    by: User | None = None,
) -> Shelf:
    """Put up a shelf for `category` at `hub`, with what its portions weigh in kg."""
    listing = MaterialListing.objects.create(
        organisation=hub.organisation,
        created_by=by,
        title=f"{hub.name}: {name}"[:120],
        category=category,
        live=False,
    )
    return Shelf.objects.create(
        hub=hub,
        name=name,
        category=category,
        listing=listing,
        handful_kg=handful_kg,
        bag_kg=bag_kg,
        box_kg=box_kg,
    )


def lock_shelf(shelf: Shelf) -> Shelf:
    """The row as it is now: everything at a shelf happens one after the other."""
    found = Shelf.objects.select_for_update(of=("self",))
    return found.select_related(
        "hub__organisation__municipality",
        "listing__organisation__municipality",
        "listing__category__parent",
    ).get(pk=shelf.pk)


@transaction.atomic
def take_in(
    *,
    shelf: Shelf,
    mass_kg: Decimal,
    by: User | None = None,
    origin: Organisation | None = None,
    key: UUID | None = None,
    reason: str = "",
) -> Movement:
    """Put `mass_kg` on `shelf`, from `origin` where that is known. The same `key` counts once.

    `reason` says why, where it was found there by counting.
    """
    shelf = lock_shelf(shelf)
    if key and (known := Movement.objects.filter(key=key).first()):
        return known
    mass_kg = rounded(mass_kg, GRAM)
    if mass_kg <= 0:
        raise QuantityNotPositive
    stock = Stock.objects.select_for_update().filter(listing=shelf.listing).first()
    if stock is None:
        stock = Stock(listing=shelf.listing, unit=Unit.KILOGRAM, kg_per_unit=1, offered=0)
    stock.offered += mass_kg
    stock.save()
    return Movement.objects.create(
        shelf=shelf,
        type=Movement.Type.IN,
        mass_kg=mass_kg,
        origin=origin,
        recorded_by=by,
        key=key,
        reason=reason,
    )


@transaction.atomic
def hand_out(
    *,
    shelf: Shelf,
    organisation: Organisation,
    size: str,
    key: UUID,
    by: User | None = None,
    card: HubCard | None = None,
    taken_at: datetime | None = None,
) -> Scan:
    """Let `organisation` take a portion from `shelf`: a handover in the ledger, or several.

    A portion is never more than there is: the last bit is smaller. The giver is the
    organisation that brought what lies there the longest, where that is known, else the hub.
    The same `key` counts once. Raises `NotAReceiver`, `HubClosed` and `ShelfEmpty`.
    """
    shelf = lock_shelf(shelf)
    if known := Scan.objects.filter(key=key).first():
        return known
    taken_at = _believed(taken_at)
    day = timezone.localdate(taken_at)
    mass_kg = _portion(shelf, organisation, size, day)
    scan = Scan.objects.create(
        key=key,
        shelf=shelf,
        organisation=organisation,
        card=card,
        taken_by=by,
        size=size,
        mass_kg=mass_kg,
        taken_at=taken_at,
    )
    for lot, part_kg in draw(shelf, mass_kg):
        _record(scan, lot, part_kg, day)
    if card:
        HubCard.objects.filter(pk=card.pk).update(used_at=timezone.now())
    return scan


def _portion(shelf: Shelf, organisation: Organisation, size: str, day: date) -> Decimal:
    """The kilograms of a portion: what there is, if that is less. Raises as `hand_out` does."""
    if not organisation.is_approved:
        raise NotAReceiver
    if not shelf.hub.is_open_on(day):
        raise HubClosed
    mass_kg = min(rounded(shelf.kilograms(size), GRAM), shelf.left_kg)
    if mass_kg <= 0:
        raise ShelfEmpty
    return mass_kg


def _believed(taken_at: datetime | None) -> datetime:
    """When something was taken, as told by a phone: not in the future, and not long ago."""
    now = timezone.now()
    return taken_at if taken_at and now - LATEST <= taken_at <= now else now


def draw(shelf: Shelf, mass_kg: Decimal) -> Iterator[tuple[Movement, Decimal]]:
    """The lots that `mass_kg` is taken from, the oldest first, each with its part."""
    for lot in Movement.objects.filter(shelf=shelf).taken_in().select_related("origin"):
        part = min(rounded(lot.left_kg, GRAM), mass_kg)
        if part > 0:
            yield lot, part
            mass_kg -= part
        if mass_kg <= 0:
            return


def _record(scan: Scan, lot: Movement, mass_kg: Decimal, day: date) -> None:
    """Take `mass_kg` of `lot` off the shelf; it is a handover unless it stays in the house."""
    shelf, receiver = scan.shelf, scan.organisation
    home = shelf.hub.organisation
    giver = lot.origin if lot.origin and lot.origin != receiver else home
    handover = None
    if receiver == giver:
        # The hub's own people take what is theirs: nothing changes hands.
        take_from_stock(shelf, mass_kg)
    else:
        handover = record_handover(
            listing=shelf.listing,
            receiver=receiver,
            giver=giver,
            by=scan.taken_by,
            facts=HandoverFacts(quantity=mass_kg, mass_kg=mass_kg, on=day),
        )
        # Who holds a card has no account: then the card says who it was.
        by_card = {"card": scan.card_id} if scan.card_id else {}
        record(
            EventType.HANDOVER_CONFIRMED,
            actor=scan.taken_by,
            organisation=receiver,
            target=handover,
            **by_card,
        )
    Movement.objects.create(
        shelf=shelf,
        type=Movement.Type.OUT,
        mass_kg=-mass_kg,
        origin=lot.origin,
        lot=lot,
        scan=scan,
        handover=handover,
        recorded_by=scan.taken_by,
    )


def take_from_stock(shelf: Shelf, mass_kg: Decimal) -> None:
    """Let there be `mass_kg` less on `shelf`, which nobody has received."""
    stock = Stock.objects.select_for_update().get(listing=shelf.listing)
    stock.offered -= mass_kg
    if stock.offered > 0:
        stock.save(update_fields=["offered"])
    else:
        stock.delete()


@transaction.atomic
def undo_scan(*, scan: Scan, by: User | None = None) -> Scan:
    """Put back what was tapped by mistake, a quarter of an hour at most. Raises `TooLateToUndo`."""
    shelf = lock_shelf(scan.shelf)
    scan = Scan.objects.select_for_update().get(pk=scan.pk)
    if scan.undone_at:
        return scan
    if not scan.can_be_undone:
        raise TooLateToUndo
    for movement in scan.movements.filter(type=Movement.Type.OUT).select_related("handover"):
        handover = movement.handover
        if handover is None:
            _put_back(shelf, -movement.mass_kg)
        else:
            handover = correct_handover(
                handover=handover,
                by=by,
                reason=_("Undone at the shelf."),
                quantity=Decimal(0),
                mass_kg=Decimal(0),
            )
        Movement.objects.create(
            shelf=shelf,
            type=Movement.Type.BACK,
            mass_kg=-movement.mass_kg,
            origin=movement.origin,
            lot=movement.lot,
            scan=scan,
            handover=handover,
            recorded_by=by,
        )
    scan.undone_at = timezone.now()
    scan.save(update_fields=["undone_at"])
    return scan


def _put_back(shelf: Shelf, mass_kg: Decimal) -> None:
    stock = Stock.objects.select_for_update().filter(listing=shelf.listing).first()
    if stock is None:
        stock = Stock(listing=shelf.listing, unit=Unit.KILOGRAM, kg_per_unit=1, offered=0)
    stock.offered += mass_kg
    stock.save()


def follow_ledger(handover: Handover) -> None:
    """Let a shelf follow what is corrected in the ledger by hand. Safe to run again."""
    before = handover.reverses or handover.replaces
    movement = Movement.objects.filter(handover=before).first() if before else None
    if movement is None:
        return
    Movement.objects.get_or_create(
        handover=handover,
        defaults={
            "shelf": movement.shelf,
            "type": Movement.Type.BACK,
            "mass_kg": -handover.mass_kg,
            "origin": movement.origin,
            "lot": movement.lot,
            "scan": movement.scan,
        },
    )
