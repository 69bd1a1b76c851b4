"""Somebody with many listings: what is for their eyes only, and several at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from marketplace.exchange.reservations.services import accept_reservation
from marketplace.listings.models import ListingPhoto, MaterialListing
from marketplace.offers.services import withdraw_listing
from tests.factories import (
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return CompanyFactory()


@pytest.fixture
def giver(client, company):
    user = MembershipFactory(organisation=company).user
    client.force_login(user)
    return user


@pytest.fixture
def listings(company):
    return ListingFactory.create_batch(3, organisation=company)


def act(client, action, *listings):
    return client.post(
        "/en/mitt/material/",
        {"action": action, "listing": [listing.pk for listing in listings]},
        follow=True,
    )


def available():
    return set(MaterialListing.objects.available().values_list("pk", flat=True))


def test_several_are_ended_at_once(client, giver, listings):
    act(client, "end", *listings[:2])

    assert available() == {listings[2].pk}


def test_several_are_opened_again_at_once(client, giver, listings):
    for listing in listings:
        withdraw_listing(listing=listing, by=giver)

    act(client, "open", *listings)

    assert available() == {listing.pk for listing in listings}


def test_one_whose_time_is_out_is_opened_without_a_last_day(client, giver, listings):
    MaterialListing.objects.update(available_until=timezone.localdate() - timedelta(days=1))

    act(client, "open", listings[0])

    assert available() == {listings[0].pk}


def test_what_is_given_away_is_not_opened_and_that_is_said(client, giver, listings):
    listing = listings[0]
    listing.stock.offered = listing.stock.collected = Decimal(10)
    listing.stock.save()

    page = act(client, "open", listing).content.decode()

    assert "there is none left" in page


def test_copies_are_drafts_with_words_photos_and_quantity(client, giver, listings):
    original = listings[0]
    original.tags.add("papp")
    original.photos.add(ListingPhoto(image=ImageFactory(), sort_order=0))
    original.reference = "A-17"
    original.save()

    act(client, "copy", *listings)

    copied = MaterialListing.objects.get(live=False, title=original.title)
    assert MaterialListing.objects.count() == 6
    assert (copied.title, copied.reference, copied.stock.offered) == (original.title, "A-17", 10)
    assert (list(copied.tags.names()), copied.photos.count()) == (["papp"], 1)


def test_labels_of_several_come_on_one_page(client, giver, listings, company):
    for listing in listings:
        reservation = ReservationFactory(listing=listing)
        accept_reservation(reservation=reservation, by=giver)

    page = BeautifulSoup(act(client, "labels", *listings[:2]).content, "html.parser")

    assert len(page.select(".label")) == 2


def test_nothing_chosen_changes_nothing(client, giver, listings):
    assert "Choose at least one" in act(client, "end").content.decode()


def test_listings_of_others_are_left_alone(client, giver):
    other = ListingFactory()

    act(client, "end", other)

    assert other.pk in available()


@pytest.mark.parametrize("action", ["", "delete"])
def test_an_unknown_action_is_refused(client, giver, listings, action):
    assert act(client, action, *listings).status_code == 403


def test_nobody_acts_on_what_others_give(client, giver, listings):
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)
    act(client, "end", *listings)
    assert available() == {each.pk for each in listings}

    client.force_login(giver)
    act(client, "end", *listings)
    assert available() == set()


def titles(client, shown):
    page = BeautifulSoup(client.get(f"/en/mitt/?visa={shown}").content, "html.parser")
    return [box["value"] for box in page.select("input[name=listing]")]


def test_current_and_archived_ones_are_listed_apart(client, giver, listings):
    withdraw_listing(listing=listings[0], by=giver)

    assert titles(client, "tidigare") == [str(listings[0].pk)]
    assert set(titles(client, "nu")) == {str(each.pk) for each in listings[1:]}


def test_the_page_of_a_listing_ends_it_and_opens_it_again(client, giver, listings):
    listing = listings[0]
    for _ in range(2):
        page = BeautifulSoup(
            client.get(listing.get_absolute_url(), follow=True).content, "html.parser"
        )
        form = page.select_one("form[action$='/avsluta/'], form[action$='/oppna/']")
        client.post(form["action"])

    assert listing.pk in available()


# --- Reference and storage place


@pytest.fixture
def stored(company):
    return ListingFactory(organisation=company, reference="REF-4711", storage_place="Hylla B7")


def page_of(client, listing):
    return client.get(listing.get_absolute_url(), follow=True).content.decode()


def test_the_company_sees_its_reference_and_storage_place(client, giver, stored):
    page = page_of(client, stored)

    assert "REF-4711" in page
    assert "Hylla B7" in page


def test_visitors_see_neither(client, stored):
    page = page_of(client, stored)

    assert "REF-4711" not in page
    assert "Hylla B7" not in page


def test_the_receiver_sees_the_storage_place_once_it_is_promised_but_never_the_reference(
    client, stored
):
    reservation = ReservationFactory(listing=stored)
    client.force_login(MembershipFactory(organisation=reservation.organisation).user)
    address = f"/en/mitt/bokningar/{reservation.pk}/"
    before = client.get(address).content.decode()

    accept_reservation(reservation=reservation, by=None)
    after = client.get(address).content.decode() + page_of(client, stored)

    assert "Hylla B7" not in before
    assert "Hylla B7" in after
    assert "REF-4711" not in before + after
