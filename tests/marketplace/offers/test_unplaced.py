"""What nobody took: its giver is asked once, and what is gone is told as a figure."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.hubs.models import Hub
from marketplace.impact import figures
from marketplace.impact.figures.periods import Period
from marketplace.listings.models import MaterialListing
from marketplace.notifications.models import Notification
from marketplace.offers.unplaced.models import Unplaced
from marketplace.offers.unplaced.services import ask_about_unplaced
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def listing():
    listing = ListingFactory(
        organisation=CompanyFactory(), available_until=TODAY - timedelta(days=1)
    )
    MembershipFactory(organisation=listing.organisation)
    return listing


def answer(listing, value):
    ask_about_unplaced()
    client = Client()
    client.force_login(listing.organisation.active_members().get())
    client.post(f"/mitt/kvar/{listing.pk}/", {"svar": value})
    return MaterialListing.objects.get(pk=listing.pk)


def not_placed(**places):
    return figures.computed_together(period=Period(TODAY, TODAY), **places)["unplaced_kg"]


def test_the_giver_is_asked_once_about_what_is_left(listing):
    ListingFactory(available_until=TODAY)
    ListingFactory(available_until=None)
    gone = ListingFactory(available_until=TODAY - timedelta(days=1))
    gone.stock.collected = gone.stock.offered
    gone.stock.save()
    ListingFactory(available_until=TODAY - timedelta(days=90))
    closed = ListingFactory(available_until=TODAY - timedelta(days=1))
    closed.stock.closed_at = timezone.now()
    closed.stock.save()
    shut_out = CompanyFactory(approval="rejected")
    ListingFactory(available_until=TODAY - timedelta(days=1), organisation=shut_out)

    assert [ask_about_unplaced(), ask_about_unplaced()] == [1, 0]
    assert Notification.objects.get(type="listing_unplaced").listing == listing


def test_it_stays_longer(listing):
    other = ListingFactory(available_until=TODAY - timedelta(days=1))

    found = answer(listing, "longer")

    other.refresh_from_db()
    assert other.available_until == TODAY - timedelta(days=1)

    assert found.is_available
    assert found.available_until == TODAY + timedelta(days=30)
    assert not_placed() == 0


def test_what_has_gone_elsewhere_is_counted_as_not_placed(listing):
    found = answer(listing, "gone")

    assert not found.is_available
    place = found.organisation.municipality_id
    assert not_placed() == not_placed(municipalities=[place]) == Decimal(5)
    assert figures.computed(period=Period(TODAY, TODAY))[place]["unplaced_kg"] == Decimal(5)
    yesterday = Period(TODAY - timedelta(days=1), TODAY - timedelta(days=1))
    assert figures.computed_together(period=yesterday)["unplaced_kg"] == 0


def test_half_a_kilogram_is_asked_about_and_counted(listing):
    listing.stock.offered = Decimal(1)
    listing.stock.save()

    answer(listing, "gone")

    assert not_placed() == Decimal("0.5")


def test_who_still_asks_for_what_has_gone_is_told(listing):
    request = ReservationFactory(listing=listing)

    answer(listing, "gone")

    request.refresh_from_db()
    assert request.state == "declined"


def test_a_hub_is_an_answer_where_there_is_one(listing):
    found = answer(listing, "hub")
    assert Unplaced.objects.get().answer == ""

    hub = Hub.objects.create(
        organisation=SchoolFactory(municipality=found.organisation.municipality),
        name="Hub",
        slug="hub",
        address="1",
        town="Bjuv",
    )
    answer(listing, f"hub:{hub.pk}")

    assert Unplaced.objects.get().answer == "hub"
    arrival = hub.arrivals.expected().get()
    assert (arrival.listing, arrival.mass_kg) == (listing, Decimal(5))
    assert not_placed() == 0
    assert not MaterialListing.objects.available().exists()


def test_the_first_answer_counts_and_strangers_give_none(listing):
    answer(listing, "longer")
    answer(listing, "gone")
    stranger = Client()
    stranger.force_login(MembershipFactory(organisation=CompanyFactory()).user)

    assert Unplaced.objects.get().answer == "longer"
    assert stranger.post(f"/mitt/kvar/{listing.pk}/", {"svar": "gone"}).status_code == 403
