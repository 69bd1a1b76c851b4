"""Two carriers in Helsingborg, a planned Tuesday, and kilometres of what came before."""

from datetime import time
from decimal import Decimal

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation, request_reservation
from marketplace.materials.carrying import CarryClass
from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Organisation
from marketplace.review.errors import ExchangeError
from marketplace.transport.distances import distances
from marketplace.transport.driving import record_drive
from marketplace.transport.models import Carrier, Round, Run, Tour, Vehicle
from marketplace.transport.plans import lock_run, make_plan
from marketplace.transport.way import KEY

HOME = "helsingborg"
AREAS = ("helsingborg", "bjuv", "astorp", "landskrona", "hoganas")
PLANNED, DRIVEN = 5, 12
# Not a measurement: the demo's own, as its organisations are.
EXAMPLE = "Exempelvärde i demot"


class Transport:
    """Uses the same services as people do, so that stock, lists and notifications agree."""

    def __init__(self, *, organisations, listings, year):
        self.receivers = [
            each
            for each in organisations.values()
            if each.is_municipal and each.is_approved and each.municipality.slug == HOME
        ]
        self.listings = [
            listing
            for listing, row in listings.values()
            if row["state"] == "live" and listing.organisation.municipality.slug in AREAS
        ]
        self.random = year.random

    def build(self):
        home = Municipality.objects.get(slug=HOME)
        van = self.carrier(home, "Vaktmästeriets skåpbil", Carrier.Type.CARETAKERS, Vehicle.VAN)
        bike = self.carrier(home, "Cykelbudet", Carrier.Type.LABOUR, Vehicle.CARGO_BIKE)
        tuesday = self.round(van, 1, kg=600, litres=6000, largest=CarryClass.UNWIELDY)
        self.round(bike, 3, kg=80, litres=400, largest=CarryClass.BOX)
        self.fill(tuesday)
        run = tuesday.runs.order_by("date").first()
        if run:
            make_plan(run)
            lock_run(run=run)
        self.drive(tuesday)

    def carrier(self, home, name, type, vehicle):
        factor = Decimal("0.2") if vehicle == Vehicle.VAN else Decimal(0)
        return Carrier.objects.create(
            municipality=home,
            name=name,
            type=type,
            vehicle=vehicle,
            kgco2e_per_km=factor,
            factor_source=EXAMPLE,
            note="utan kostnad",
        )

    def round(self, carrier, weekday, *, kg, litres, largest):
        round_ = Round.objects.create(
            carrier=carrier,
            weekday=weekday,
            starts=time(8),
            ends=time(16),
            break_starts=time(12),
            break_ends=time(12, 30),
            capacity_kg=kg,
            capacity_litres=litres,
            largest=largest,
            start_name="Förrådet på Exempelgatan",
            driver_name="Dana Exempelförare",
            driver_phone="070-174 06 99",
        )
        round_.areas.set(Municipality.objects.filter(slug__in=AREAS))
        return round_

    def fill(self, round_):
        """A few requests that are brought on the next Tuesday."""
        brought = 0
        for listing in self.listings:
            receiver = self.random.choice(self.receivers)
            if brought < PLANNED and self.bring(round_, listing, receiver):
                brought += 1

    def bring(self, round_, listing, receiver):
        listing.stock.refresh_from_db()
        quantity = min(listing.stock.left, listing.smallest_part or Decimal(2))
        if Reservation.objects.open().filter(listing=listing, organisation=receiver).exists():
            return False
        try:
            reservation = request_reservation(
                listing=listing,
                organisation=receiver,
                by=receiver.members.first(),
                quantity=quantity,
                way=f"{KEY}:{round_.carrier_id}",
                details={
                    "receives_from": time(8),
                    "receives_until": time(15, 30),
                    "leave_note": "Lastintaget på baksidan",
                },
            )
        except ExchangeError:
            # Nothing left, or larger than the vehicle: another one will do.
            return False
        accept_reservation(reservation=reservation, by=listing.organisation.members.first())
        return True

    def drive(self, round_):
        """Kilometres of some of what schools in Helsingborg have had since summer."""
        given = Organisation.objects.filter(municipality__slug__in=AREAS)
        handovers = (
            Handover.objects.standing()
            .filter(receiver__in=self.receivers, giver__in=given)
            # Django counts from Sunday, so that Tuesday is 3.
            .filter(handed_over_on__week_day=round_.weekday + 2)
            .select_related("giver__municipality", "receiver__municipality")
            .order_by("-handed_over_on", "-pk")[:DRIVEN]
        )
        start = on_the_map(round_.start_position)
        for handover in handovers:
            run, _created = Run.objects.get_or_create(
                round=round_, date=handover.handed_over_on, defaults={"planning": "done"}
            )
            tour, _created = Tour.objects.get_or_create(run=run, number=1)
            ends = (handover.giver.position, handover.receiver.position)
            places = [start, *(on_the_map(place) for place in ends)]
            metres = distances(places).metres
            tour.metres += metres[0][1] + metres[1][2] + metres[2][0]
            tour.save()
            record_drive(handover, tour)


def on_the_map(place) -> tuple[float, float]:
    """Latitude and longitude as numbers that can be computed with."""
    latitude, longitude = place
    return float(latitude), float(longitude)
