"""What clocks do to the exchange: daylight saving, midnight, the turn of the year."""

from datetime import date, time
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import record_handover
from marketplace.exchange.pickups.models import PickupTime
from marketplace.impact import figures
from marketplace.impact.figures.periods import Period
from marketplace.listings.models import MaterialListing
from tests.factories import ListingFactory, SchoolFactory

pytestmark = pytest.mark.django_db

SUNDAY = 6


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2027-03-26 12:00+01:00", [date(2027, 3, 28), date(2027, 4, 4)]),
        ("2026-10-23 12:00+02:00", [date(2026, 10, 25), date(2026, 11, 1)]),
    ],
    ids=["spring", "autumn"],
)
def test_a_weekly_time_is_at_the_same_hour_before_and_after_the_clocks_change(now, days):
    company = ListingFactory().organisation
    PickupTime.objects.create(
        organisation=company, weekday=SUNDAY, starts=time(8, 30), ends=time(10)
    )

    with time_machine.travel(now, tick=False):
        coming = [timezone.localtime(each.starts_at) for each in company.pickup_times.coming()]

    assert [each.date() for each in coming[:2]] == days
    assert {each.time() for each in coming} == {time(8, 30)}


def test_a_listing_can_be_asked_for_until_midnight_of_its_last_day():
    listing = ListingFactory(available_until=date(2026, 12, 31))

    with time_machine.travel("2026-12-31 23:59+01:00", tick=False):
        call_command("periodic", verbosity=0)
        last_minute = MaterialListing.objects.available().filter(pk=listing.pk).exists()
    with time_machine.travel("2027-01-01 00:01+01:00", tick=False):
        call_command("periodic", verbosity=0)
        next_year = MaterialListing.objects.available().filter(pk=listing.pk).exists()

    assert (last_minute, next_year) == (True, False)


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2027-03-31 23:30+02:00", 3),
        ("2027-04-01 00:30+02:00", 4),
        ("2026-10-31 23:30+01:00", 10),
        ("2026-11-01 00:30+01:00", 11),
    ],
)
def test_a_handover_belongs_to_the_month_of_the_clock_on_the_wall(moment, month):
    listing, school = ListingFactory(), SchoolFactory()

    with time_machine.travel(moment, tick=False):
        record_handover(
            listing=listing, receiver=school, facts=HandoverFacts(quantity=1, mass_kg=Decimal(5))
        )

    year = Handover.objects.get().handed_over_on.year
    rows = figures.handovers(period=Period.month(year, month))
    assert figures.totals(rows)["mass_kg"] == 5
