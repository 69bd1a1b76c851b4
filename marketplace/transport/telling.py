"""Who is told what about a shipment: both sides, each person once per event."""

from collections.abc import Iterable, Sequence
from typing import Any

from marketplace.exchange.reservations.telling import all_members
from marketplace.notifications.services import notify
from marketplace.organisations.membership.recipients import members
from marketplace.roles.permissions import coordinators_of
from marketplace.transport.models import Shipment, Stop
from portal.foundation.users.models import User


def tell(
    shipments: Iterable[Shipment],
    type: str,
    *,
    key: str,
    users: Iterable[User] | None = None,
    **context: Any,
) -> None:
    """Notify both sides of `shipments`: one notification each, however many concern somebody."""
    for shipment in shipments:
        reservation = shipment.reservation
        notify(
            users=all_members(reservation) if users is None else users,
            type=type,
            key=key,
            reservation=reservation,
            listing=reservation.listing,
            carrier=shipment.run.round.carrier.name if shipment.run else "",
            day=shipment.run.date.isoformat() if shipment.run else "",
            **context,
        )


def tell_planned(shipments: Sequence[Shipment]) -> None:
    """The times that are promised; with them goes the entry for the calendar."""
    for shipment in shipments:
        stops = {stop.type: stop for stop in shipment.stops.all()}
        fetch, leave = stops[Stop.Type.FETCH], stops[Stop.Type.LEAVE]
        tell(
            [shipment],
            "transport_planned",
            key=f"shipment:{shipment.pk}:planned:{leave.promised_from:%Y%m%d%H%M}",
            fetch=fetch.promise,
            leave=leave.promise,
        )


def tell_moved(shipments: Sequence[Shipment], *, key: str) -> None:
    """Another day, or none yet."""
    tell(shipments, "transport_moved", key=key)


def tell_delayed(shipments: Sequence[Shipment], *, key: str, minutes: int) -> None:
    tell(shipments, "transport_delayed", key=key, minutes=minutes)


def tell_fetched(shipment: Shipment) -> None:
    receiver = members(shipment.reservation.organisation)
    tell([shipment], "transport_fetched", key=f"shipment:{shipment.pk}:fetched", users=receiver)


def tell_left(shipment: Shipment, handover: Any) -> None:
    """The receiver is asked at the same time whether it would have been bought."""
    reservation = shipment.reservation
    for organisation in (reservation.organisation, reservation.giver):
        tell(
            [shipment],
            "transport_left",
            key=f"shipment:{shipment.pk}:left",
            users=members(organisation),
            quantity=str(handover.quantity),
            unit=handover.unit,
            mass=str(handover.mass_kg),
            asks=organisation == reservation.organisation,
        )


def tell_nobody(shipment: Shipment, stop: Stop) -> None:
    """Nobody was there: both sides hear the new day, and the coordinator that it happened."""
    place = stop.organisation.name
    key = f"shipment:{shipment.pk}:nobody:{shipment.moved}"
    tell([shipment], "transport_nobody", key=key, place=place)
    if shipment.run:
        coordinators = coordinators_of(shipment.run.round.carrier.municipality)
        tell([shipment], "transport_nobody", key=f"{key}:staff", users=coordinators, place=place)


def tell_taken_off(shipment: Shipment) -> None:
    """Something on a locked day is not driven: its coordinator may plan again, and call the driver.

    What others have been promised is kept by every further plan.
    """
    run = shipment.run
    if run is None:
        return
    tell(
        [shipment],
        "transport_taken_off",
        key=f"shipment:{shipment.pk}:off:{run.pk}",
        users=coordinators_of(run.round.carrier.municipality),
        run=run.pk,
        aboard=shipment.state == Shipment.State.FETCHED,
    )
