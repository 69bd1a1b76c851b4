"""What a driver says on the way: fetched, left, nobody there."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import record_delivery
from marketplace.exchange.reservations.models import Reservation
from marketplace.listings.photos.services import store_upload
from marketplace.materials.units import GRAM, rounded
from marketplace.review.errors import WrongState
from marketplace.transport.booking import book
from marketplace.transport.distances import great_circle_km
from marketplace.transport.errors import LinkIsOver, NoRoomInTime, NotFetchedYet, NotYetToday
from marketplace.transport.models import Drive, Run, Shipment, Stop, Tour
from marketplace.transport.telling import tell_fetched, tell_left, tell_nobody
from portal.foundation.files import STORAGE_ERRORS
from portal.foundation.images.cleaning import CleanPicture
from portal.foundation.images.models import CustomImage

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tap:
    """What a driver has tapped at a stop. `key` is the phone's own name for it."""

    key: str
    outcome: str
    at: datetime
    quantity: Decimal | None = None
    mass_kg: Decimal | None = None
    note: str = ""
    photo: CleanPicture | None = None


def tour_of(token: str) -> Tour:
    """The tour of a driver's link, for as long as a phone may catch up. Raises `LinkIsOver`."""
    tour = Tour.objects.select_related("run__round__carrier").filter(token=token).first()
    if tour is None or tour.revoked_at or timezone.localdate() > tour.last_day:
        raise LinkIsOver
    return tour


def stops_of(tour: Tour) -> QuerySet[Stop]:
    """The stops of a tour in their order, with all that its page shows."""
    path = "shipment__reservation"
    return (
        tour.stops.select_related(
            f"{path}__organisation__municipality",
            f"{path}__listing__organisation__municipality",
            f"{path}__listing__category__parent__parent",
            f"{path}__listing__stock",
        )
        .exclude(shipment__state=Shipment.State.OVER)
        .order_by("position", "pk")
    )


@transaction.atomic
def record_tap(*, tour: Tour, stop: Stop, tap: Tap) -> Stop:
    """Write down what happened at `stop`. The same tap, sent again, changes nothing.

    Leaving it makes the row of the ledger, with what was weighed and the kilometres. Raises
    `NotFetchedYet`, `NotYetToday` before the day, or `WrongState` when something else has been said
    about the stop.
    """
    if timezone.localdate() < tour.run.date:
        raise NotYetToday
    Run.objects.select_for_update().get(pk=tour.run_id)
    if earlier := Stop.objects.filter(key=tap.key).first():
        return earlier
    stop = stops_of(tour).select_for_update(of=("self",)).get(pk=stop.pk)
    if stop.is_done:
        raise WrongState
    stop.key, stop.happened_at, stop.note = tap.key, _within(tour, tap.at), tap.note
    stop.mass_kg = None if tap.mass_kg is None else rounded(tap.mass_kg, GRAM)
    stop.quantity, stop.photo = tap.quantity, _kept(tap.photo)
    if tap.outcome == Stop.State.NOBODY:
        return _nobody(tour, stop)
    if stop.type == Stop.Type.FETCH:
        return _fetched(stop)
    return _left(tour, stop)


def _kept(photo: CleanPicture | None) -> CustomImage | None:
    """The photo of a stop. Where none can be kept just now, what happened matters more."""
    if photo is None:
        return None
    try:
        upload = store_upload(photo)
    except STORAGE_ERRORS:
        logger.exception("A driver's photo could not be kept")
        return None
    # It belongs to the stop from now on.
    upload.delete()
    return upload.image


def _within(tour, moment):
    """When it happened, by the phone's clock, but never in the future or before the day."""
    begins = tour.run.round.moment(tour.run.date, datetime.min.time())
    return min(max(moment, begins), timezone.now())


def _fetched(stop):
    shipment = stop.shipment
    stop.state = Stop.State.FETCHED
    stop.save()
    shipment.state = Shipment.State.FETCHED
    shipment.save(update_fields=["state"])
    tell_fetched(shipment)
    return stop


def _left(tour, stop):
    shipment = stop.shipment
    if shipment.state != Shipment.State.FETCHED:
        raise NotFetchedYet
    stop.state = Stop.State.LEFT
    stop.save()
    shipment.state = Shipment.State.LEFT
    shipment.save(update_fields=["state"])
    fetch = shipment.stops.filter(type=Stop.Type.FETCH).first()
    handover = deliver(shipment.reservation, [stop, fetch], stop.happened_at)
    record_drive(handover, tour)
    tell_left(shipment, handover)
    return stop


def deliver(
    reservation: Reservation, stops: Sequence[Stop | None], happened_at: datetime
) -> Handover:
    """The row of the ledger: what the driver counted and weighed, the last stop's word first."""
    said = [stop for stop in stops if stop]
    return record_delivery(
        reservation=reservation,
        quantity=next((stop.quantity for stop in said if stop.quantity), None),
        mass_kg=next((stop.mass_kg for stop in said if stop.mass_kg), None),
        on=timezone.localdate(happened_at),
    )


def _nobody(tour, stop):
    """To the next day with room: what is on board stays there, what is not waits at its giver."""
    shipment = stop.shipment
    shipment.moved += 1
    shipment.save(update_fields=["moved"])
    stop.state = Stop.State.NOBODY
    stop.save()
    if stop.type == Stop.Type.FETCH:
        # There is nothing to leave, either.
        shipment.stops.filter(type=Stop.Type.LEAVE).update(tour=None, position=None)
    try:
        book(shipment, after=tour.run.date)
    except NoRoomInTime:
        shipment.run = None
        shipment.save(update_fields=["run"])
    # The phone may send it again: the stop, on its new day, still knows the tap.
    Stop.objects.filter(pk=stop.pk).update(key=stop.key)
    tell_nobody(shipment, stop)
    share_kilometres(tour)
    stop.refresh_from_db()
    return stop


def record_drive(handover: Handover, tour: Tour) -> Drive:
    """Note that `tour` has brought `handover`, with the carrier's factor of today."""
    carrier = tour.run.round.carrier
    drive = Drive.objects.create(
        handover=handover,
        tour=tour,
        vehicle=carrier.vehicle,
        km=0,
        kgco2e_per_km=carrier.kgco2e_per_km,
        factor_source=carrier.factor_source,
    )
    share_kilometres(tour)
    return drive


def share_kilometres(tour: Tour) -> None:
    """Share what the vehicle drives among what it has left, by how far each was carried.

    Shared again with every handover, so that the parts add up to the whole day's kilometres.
    """
    drives = list(tour.drives.select_related("handover__giver__municipality", "handover__receiver"))
    if not drives:
        return
    weights = [
        great_circle_km(drive.handover.giver.position, drive.handover.receiver.position) + 0.1
        for drive in drives
    ]
    left = tour.kilometres
    for drive, weight in zip(drives[:-1], weights[:-1], strict=True):
        drive.km = rounded(tour.kilometres * Decimal(weight / sum(weights)), GRAM)
        left -= drive.km
    drives[-1].km = left
    Drive.objects.bulk_update(drives, ["km"])
