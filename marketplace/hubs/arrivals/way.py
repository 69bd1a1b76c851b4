"""A hub nearby as a way to get material, chosen in the same step as the request."""

from django.utils.translation import gettext_lazy as _

from marketplace.exchange.handovers.services import estimated_mass
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.ways import Choice, Way, register_way
from marketplace.hubs.arrivals.models import Arrival
from marketplace.hubs.arrivals.services import announce, promise, tell_hub
from marketplace.hubs.errors import HubClosed
from marketplace.hubs.models import Hub
from marketplace.hubs.openings import next_openings

KEY = "hub"


class ToHub(Way):
    """The giver leaves it at a hub, where it is kept for who has reserved it."""

    key = KEY

    def choices(self, *, listing, organisation):
        near = Hub.objects.listed().filter(
            organisation__municipality=organisation.municipality_id,
            organisation__approval="approved",
        )
        others = near.exclude(organisation__in=[organisation.pk, listing.organisation_id])
        opens = next_openings(others)
        return [
            Choice(
                f"{KEY}:{hub.pk}",
                _("To a hub near us: %(hub)s") % {"hub": hub.name},
                self.note(hub, opens.get(hub.pk, "")),
            )
            for hub in others
        ]

    @staticmethod
    def note(hub, opens):
        values = {
            "where": f"{hub.address}, {hub.town}",
            "days": Arrival.KEPT_DAYS,
            "next": opens,
        }
        if values["next"]:
            return (
                _(
                    "%(where)s. The giver leaves it there, and it is kept for you for %(days)s "
                    "days. Open next: %(next)s."
                )
                % values
            )
        return (
            _("%(where)s. The giver leaves it there, and it is kept for you for %(days)s days.")
            % values
        )

    def chosen(self, reservation, details):
        number = reservation.way.partition(":")[2]
        hub = Hub.objects.listed().filter(pk=int(number) if number.isdecimal() else 0).first()
        if hub is None:
            raise HubClosed
        announce(
            hub=hub,
            listing=reservation.listing,
            reservation=reservation,
            mass_kg=estimated_mass(reservation.quantity, reservation.listing.stock.kg_per_unit),
        )

    def accepted(self, reservation):
        promise(reservation.arrival)

    def closed(self, reservation):
        arrival = reservation.arrival
        if arrival.arrived_at and reservation.state != Reservation.State.COLLECTED:
            tell_hub(arrival, "hub_left_over")

    def context(self, reservation):
        arrival = Arrival.objects.with_parties().get(reservation=reservation)
        return {
            "template": "marketplace/hubs/reservation_hub.html",
            "stage": arrival.arrived_at,
            "arrival": arrival,
            "reservation": reservation,
            "hub": arrival.hub,
            "next": next_openings([arrival.hub]).get(arrival.hub_id, ""),
        }


def register() -> None:
    register_way(ToHub())
