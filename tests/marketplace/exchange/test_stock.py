from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.exchange.errors import (
    BelowPromised,
    ListingNotAvailable,
    QuantityNotPositive,
    UnitLocked,
)
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.reservations.services import accept_reservation, cancel_reservation
from marketplace.exchange.stock.models import Stock
from marketplace.exchange.waiting_list.services import join_line
from marketplace.listings.models import MaterialListing
from marketplace.materials.units import Unit
from marketplace.offers.services import reopen_listing, set_stock, withdraw_listing
from tests.factories import ListingFactory, ReservationFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_stock_is_created_for_a_new_listing():
    listing = ListingFactory(stock=None)

    set_stock(listing=listing, offered=Decimal("2.5"), unit=Unit.PALLET, kg_per_unit=200)

    assert str(Stock.objects.get(listing=listing).left) == "2.500"


def test_stock_cannot_go_below_what_is_promised():
    listing = ListingFactory()
    accept_reservation(
        reservation=ReservationFactory(listing=listing, requested_quantity=Decimal(4)),
        by=UserFactory(),
    )

    with pytest.raises(BelowPromised):
        set_stock(listing=listing, offered=3, unit="st", kg_per_unit=Decimal("0.5"))
    stock = set_stock(listing=listing, offered=4, unit="st", kg_per_unit=Decimal("0.5"))

    assert (stock.offered, stock.left) == (4, 0)


def test_what_is_collected_counts_with_what_is_promised():
    listing = ListingFactory()
    collected, _promised = (
        accept_reservation(
            reservation=ReservationFactory(listing=listing, requested_quantity=Decimal(pieces)),
            by=UserFactory(),
        )
        for pieces in (3, 4)
    )
    confirm_handover(
        reservation=collected, by=None, quantity=Decimal(3), mass_kg=1, would_have_bought="no"
    )

    with pytest.raises(BelowPromised):
        set_stock(listing=listing, offered=6, unit="st", kg_per_unit=Decimal("0.5"))
    stock = set_stock(listing=listing, offered=7, unit="st", kg_per_unit=Decimal("0.5"))

    assert (stock.offered, stock.left) == (7, 0)


def test_less_than_one_may_be_offered():
    listing = ListingFactory(stock=None)

    set_stock(listing=listing, offered=Decimal("0.5"), unit=Unit.METRE, kg_per_unit=Decimal("0.2"))

    assert str(Stock.objects.get(listing=listing).left) == "0.500"


def test_unit_cannot_change_once_something_is_promised():
    listing = ListingFactory()
    accept_reservation(reservation=ReservationFactory(listing=listing), by=UserFactory())

    with pytest.raises(UnitLocked):
        set_stock(listing=listing, offered=10, unit="kg", kg_per_unit=Decimal("0.5"))


@pytest.mark.parametrize(("offered", "kg_per_unit"), [(0, 1), (-1, 1), (1, 0), (1, -1)])
def test_stock_of_nothing_is_refused(offered, kg_per_unit):
    listing = ListingFactory(stock=None)

    with pytest.raises(QuantityNotPositive):
        set_stock(listing=listing, offered=offered, unit="st", kg_per_unit=kg_per_unit)


@pytest.mark.parametrize(
    "change",
    [{"reserved": 11}, {"collected": 11}, {"reserved": 6, "collected": 5}, {"reserved": -1}],
)
def test_the_database_itself_refuses_to_promise_more_than_there_is(change):
    listing = ListingFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(listing=listing).update(**change)


def test_publishing_an_old_revision_does_not_bring_back_what_is_promised():
    listing = ListingFactory()
    old = listing.save_revision()
    accept_reservation(
        reservation=ReservationFactory(listing=listing, requested_quantity=Decimal(10)),
        by=UserFactory(),
    )

    old.publish()

    assert listing not in MaterialListing.objects.available()


def test_a_withdrawn_listing_declines_requests_and_keeps_promises():
    listing = ListingFactory()
    asked = ReservationFactory(listing=listing)
    promised = accept_reservation(reservation=ReservationFactory(listing=listing), by=UserFactory())

    withdraw_listing(listing=listing, by=UserFactory())

    asked.refresh_from_db()
    promised.refresh_from_db()
    assert (asked.state, promised.state) == ("declined", "accepted")


def test_a_withdrawn_listing_can_be_opened_again():
    listing = ListingFactory()
    withdraw_listing(listing=listing, by=UserFactory())

    reopen_listing(listing=listing, by=UserFactory())

    assert listing in MaterialListing.objects.available()


def test_a_listing_is_not_opened_again_until_a_day_that_has_passed():
    listing = ListingFactory()
    withdraw_listing(listing=listing, by=UserFactory())
    yesterday = timezone.localdate() - timedelta(days=1)

    with pytest.raises(ListingNotAvailable):
        reopen_listing(listing=listing, by=UserFactory(), available_until=yesterday)

    listing.stock.refresh_from_db()
    assert listing.stock.closed_at


def test_a_version_that_waits_keeps_the_new_last_day(settings):
    listing = ListingFactory()
    listing.title = "Ny rubrik"
    waiting = listing.save_revision()
    listing.refresh_from_db()
    last_day = timezone.localdate() + timedelta(days=30)

    reopen_listing(listing=listing, by=UserFactory(), available_until=last_day)
    waiting.refresh_from_db()
    waiting.publish()

    listing.refresh_from_db()
    assert (listing.title, listing.available_until) == ("Ny rubrik", last_day)


def test_opened_without_a_last_day_a_version_that_waits_has_none_either():
    listing = ListingFactory(available_until=timezone.localdate() + timedelta(days=3))
    waiting = listing.save_revision()
    withdraw_listing(listing=listing, by=UserFactory())

    reopen_listing(listing=MaterialListing.objects.get(pk=listing.pk), by=UserFactory())
    waiting.refresh_from_db()
    waiting.publish()

    listing.refresh_from_db()
    assert listing.available_until is None
    assert listing in MaterialListing.objects.available()


def test_who_waits_is_offered_what_is_opened_again():
    listing = ListingFactory(available_until=timezone.localdate())
    promised = accept_reservation(
        reservation=ReservationFactory(listing=listing, requested_quantity=Decimal(10)),
        by=UserFactory(),
    )
    place = join_line(listing=listing, organisation=SchoolFactory(), by=None, quantity=Decimal(4))
    MaterialListing.objects.update(available_until=timezone.localdate() - timedelta(days=1))
    cancel_reservation(reservation=promised, by=UserFactory())
    place.refresh_from_db()
    assert not place.is_offered

    reopen_listing(listing=MaterialListing.objects.get(pk=listing.pk), by=UserFactory())

    place.refresh_from_db()
    assert place.offered_quantity == 4
