"""Handovers and the requests that led to them, in numbers."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.reservations.models import Reservation

FIRST, DAYS = date(2024, 1, 1), 3 * 365
BATCH = 5_000


def make_handovers(random, near, number):
    """Record `number` handovers over three years. Returns their reservations.

    `near` is {receiving organisation: [the listings it usually fetches]}.
    """
    receivers = list(near)
    handovers, reservations = [], []
    for _number in range(number):
        receiver = random.choice(receivers)
        listing = random.choice(near[receiver])
        day = FIRST + timedelta(days=random.randrange(DAYS))
        handovers.append(handover(random, listing, receiver, day))
        reservations.append(reservation(random, listing, receiver, day))
    Handover.objects.bulk_create(handovers, batch_size=BATCH)
    return Reservation.objects.bulk_create(reservations, batch_size=BATCH)


def handover(random, listing, receiver, day):
    mass = Decimal(random.randrange(100, 40_000)) / 1000
    return Handover(
        listing=listing,
        category=listing.category,
        giver=listing.organisation,
        receiver=receiver,
        giver_municipality=listing.organisation.municipality,
        receiver_municipality=receiver.municipality,
        handed_over_on=day,
        quantity=1,
        unit="st",
        mass_kg=mass,
        kgco2e_per_kg=2,
        co2e_kg=mass * 2,
        sek_per_kg=40,
        value_sek=mass * 40,
        factor_source="Benchmark",
        factor_source_year=2024,
    )


def reservation(random, listing, receiver, day):
    asked = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9))
    return Reservation(
        listing=listing,
        organisation=receiver,
        state="collected",
        requested_quantity=1,
        accepted_quantity=1,
        created_at=asked,
        accepted_at=asked + timedelta(hours=random.randrange(1, 90)),
    )
