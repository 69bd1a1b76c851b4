"""Lines for several listings: none touches another, and what was said in line goes along."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation, cancel_reservation
from marketplace.exchange.stock.models import Stock
from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.exchange.waiting_list.services import (
    expire_offers,
    hold_for,
    leave_line,
    take_offer,
)
from marketplace.offers.services import withdraw_listing
from marketplace.signals import send_listing_changed
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)
from tests.marketplace.exchange.test_waiting import wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return ListingFactory(title="Korkmattor")


def promise(listing, quantity=10):
    reservation = ReservationFactory(listing=listing, requested_quantity=Decimal(quantity))
    return accept_reservation(reservation=reservation, by=UserFactory())


def offered():
    """{listing: what is held of it for those in line}."""
    places = WaitingPlace.objects.offered().select_related("listing")
    return {place.listing: place.offered_quantity for place in places}


def reserved(listing):
    return Stock.objects.get(listing=listing).reserved


def test_what_comes_back_is_offered_to_those_who_wait_for_it(listing):
    other = ListingFactory()
    promised, _kept = promise(listing), promise(other)
    wait(other, 3)
    wait(listing, 4)

    cancel_reservation(reservation=promised, by=UserFactory())

    assert offered() == {listing: 4}
    assert reserved(other) == 10


def test_the_line_of_another_listing_stays_when_one_is_taken_back(listing):
    other = ListingFactory()
    promise(listing)
    promised = promise(other)
    ends, stays = wait(listing, 4), wait(other, 3)
    ended, waiting = (
        MembershipFactory(organisation=each.organisation).user for each in (ends, stays)
    )

    withdraw_listing(listing=listing, by=UserFactory())

    assert ended.notifications.get().type == "waiting_ended"
    assert not waiting.notifications.exists()
    cancel_reservation(reservation=promised, by=UserFactory())
    assert offered() == {other: 3}


def test_one_and_a_part_of_one_are_waited_for_and_offered(listing):
    promised = promise(listing)
    for quantity in ("9", "0.5", "1"):
        wait(listing, quantity)

    cancel_reservation(reservation=promised, by=UserFactory())

    held = WaitingPlace.objects.offered().values_list("offered_quantity", flat=True)
    assert list(held) == [9, Decimal("0.5"), Decimal("0.5")]


def test_the_giver_reads_who_takes_the_offer_and_for_what(client, listing):
    promised = promise(listing)
    place = wait(listing, 4, purpose="Vi bygger en koja")
    teacher = MembershipFactory(organisation=place.organisation, user__first_name="Ada").user
    giver = MembershipFactory(organisation=listing.organisation).user
    cancel_reservation(reservation=promised, by=UserFactory())

    client.force_login(teacher)
    client.post(f"/mitt/ko/{place.pk}/ta/")

    taken = Reservation.objects.get(organisation=place.organisation)
    assert taken.created_by == teacher
    assert timezone.now() - taken.accepted_at < timedelta(hours=1)
    client.force_login(giver)
    page = client.get(f"/mitt/bokningar/{taken.pk}/").content.decode()
    assert "Vi bygger en koja" in page
    assert "Ada" in page


def test_what_a_giver_holds_can_be_taken_for_48_hours_and_no_longer(listing):
    ListingFactory()
    school = SchoolFactory()
    first = hold_for(listing=listing, organisation=school, quantity=Decimal(4))

    with time_machine.travel(timezone.now() + timedelta(hours=47)):
        assert expire_offers() == 0
        assert take_offer(place=first, by=UserFactory()).quantity == 4

    hold_for(listing=listing, organisation=SchoolFactory(), quantity=Decimal(3))
    assert reserved(listing) == 7
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        assert expire_offers() == 1
    assert reserved(listing) == 4


def test_something_is_held_for_one_school_while_another_is_offered_its_part(listing):
    promised = promise(listing)
    first = wait(listing, 4)
    cancel_reservation(reservation=promised, by=UserFactory())

    assert hold_for(listing=listing, organisation=first.organisation) is None
    second = hold_for(listing=listing, organisation=SchoolFactory())

    assert second.offered_quantity == 6
    assert reserved(listing) == 10


def test_what_is_held_is_not_found_by_others_until_nobody_takes_it(
    client, listing, django_capture_on_commit_callbacks
):
    def found_after(act, **arguments):
        with django_capture_on_commit_callbacks(execute=True):
            act(**arguments)
        return listing.title in client.get("/sok/?q=korkmattor").content.decode()

    def hold():
        hold_for(listing=listing, organisation=SchoolFactory())

    assert found_after(send_listing_changed, listing_id=listing.pk)
    assert not found_after(hold)
    assert found_after(expire_offers, now=timezone.now() + timedelta(hours=49))

    assert not found_after(hold)
    place = WaitingPlace.objects.open().get()
    assert found_after(leave_line, place=place, by=UserFactory())
