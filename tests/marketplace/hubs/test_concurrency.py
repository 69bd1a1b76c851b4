"""Two hundred taps at once, on real connections: only PostgreSQL locks rows."""

from decimal import Decimal
from uuid import uuid4

import pytest

from marketplace.exchange.handovers.models import Handover
from marketplace.hubs.errors import ShelfEmpty
from marketplace.hubs.models import Hub, Movement, Scan
from marketplace.hubs.services import hand_out, open_shelf, take_in
from tests.factories import CategoryFactory, CompanyFactory, SchoolFactory
from tests.marketplace.exchange.test_concurrency import at_once, schools

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SIZES = ("handful", "bag", "box")


@pytest.fixture
def shelf():
    hub = Hub.objects.create(
        organisation=SchoolFactory(), name="Hub", slug="hub", address="1", town="Bjuv"
    )
    made = open_shelf(
        hub=hub,
        name="1",
        category=CategoryFactory(),
        handful_kg=Decimal("0.2"),
        bag_kg=Decimal(2),
        box_kg=Decimal(6),
    )
    for _each in range(4):
        take_in(shelf=made, mass_kg=Decimal("17.3"), origin=CompanyFactory())
    return made


def test_two_hundred_taps_never_take_more_than_there_is_and_equal_the_ledger(shelf):
    units = schools(200)

    outcomes = at_once(
        lambda pair: hand_out(
            shelf=shelf, organisation=pair[1], size=SIZES[pair[0] % 3], key=uuid4()
        ),
        list(enumerate(units)),
    )

    taken = sum(scan.mass_kg for scan in Scan.objects.all())
    assert {type(each) for each in outcomes} == {Scan, ShelfEmpty}
    assert taken == Handover.objects.totals()["mass_kg"] == Decimal("69.2")
    assert Movement.objects.sum_kg() == 0


def test_the_same_tap_sent_by_many_counts_once(shelf):
    unit, key = SchoolFactory(), uuid4()

    at_once(lambda _each: hand_out(shelf=shelf, organisation=unit, size="bag", key=key), range(40))

    assert Scan.objects.count() == 1
    assert Movement.objects.sum_kg() == Decimal("67.2")
