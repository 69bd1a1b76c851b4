"""A teacher and a company on their phones, from a request to counted kilos."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.reservations.services import (
    accept_reservation,
    agree_pickup,
    post_message,
)
from tests.factories import ListingFactory, ReservationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def listing():
    return ListingFactory(title="Korkmattor", pickup_address="Lastgatan 3")


@pytest.fixture
def promised(listing, giver, teacher):
    reservation = ReservationFactory(
        listing=listing,
        organisation=teacher.memberships.get().organisation,
        requested_quantity=Decimal(4),
    )
    return accept_reservation(
        reservation=reservation, by=giver, pickup_at=timezone.now() + timedelta(days=1)
    )


def test_a_company_answers_from_my_page_in_two_taps(
    phone, sign_in_browser, giver, teacher, listing, assert_accessible
):
    reservation = ReservationFactory(
        listing=listing, organisation=teacher.memberships.get().organisation
    )
    sign_in_browser(phone, giver)
    phone.goto("/en/mitt/")
    assert_accessible(phone)

    phone.get_by_role("link", name="Answer").tap()
    expect(phone.get_by_role("heading", name="Can they have it?")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("button", name="Yes, they can collect it").tap()

    expect(phone.get_by_text("You have said yes")).to_be_visible()
    reservation.refresh_from_db()
    assert reservation.state == "accepted"


def test_giver_and_receiver_agree_write_and_hand_over(
    phone, sign_in_browser, teacher, promised, assert_accessible
):
    sign_in_browser(phone, teacher)
    phone.goto(f"/en/mitt/bokningar/{promised.pk}/")

    phone.get_by_role("button", name="That time is fine").tap()
    expect(phone.get_by_text("Agreed", exact=True)).to_be_visible()
    phone.get_by_label("Message", exact=True).fill("Vi kommer med släp.")
    phone.get_by_role("button", name="Send the message").tap()
    expect(phone.get_by_text("Vi kommer med släp.")).to_be_visible()
    phone.get_by_text("It has been collected already", exact=True).tap()
    assert_accessible(phone)
    phone.get_by_label("before the agreed day").tap()
    phone.get_by_label("Partly").tap()
    phone.get_by_role("button", name="Confirm the handover").tap()

    expect(phone.get_by_text("The handover has been counted")).to_be_visible()
    assert Handover.objects.get().purchase_avoided_sek == 40


@pytest.mark.parametrize("who", ["giver", "teacher"])
def test_a_handover_at_the_loading_dock_is_two_taps(
    phone, sign_in_browser, promised, who, request, assert_accessible
):
    sign_in_browser(phone, request.getfixturevalue(who))
    phone.goto(f"/en/mitt/bokningar/{promised.pk}/?overlamning=1#overlamning")
    assert_accessible(phone)

    phone.get_by_label("Do not know").tap()
    phone.get_by_role("button", name="Confirm the handover").tap()

    expect(phone.get_by_text("The handover has been counted")).to_be_visible()
    assert (Handover.objects.get().quantity, Handover.objects.get().is_weighed) == (4, False)


def test_a_badge_beside_a_time_is_not_broken_on_a_phone(phone, sign_in_browser, teacher, promised):
    agree_pickup(reservation=promised, by=teacher)
    sign_in_browser(phone, teacher)
    phone.goto(f"/mitt/bokningar/{promised.pk}/")

    badge = phone.get_by_text("Överenskommet", exact=True)

    assert badge.evaluate("node => node.getClientRects()[0].height") < 40


def test_a_mistake_is_explained_where_it_was_made(
    phone, sign_in_browser, teacher, listing, assert_accessible
):
    sign_in_browser(phone, teacher)
    phone.goto(f"/en/material/{listing.pk}/boka/")

    phone.get_by_label("How much").fill("0")
    phone.get_by_role("button", name="Send the reservation").tap()

    field = phone.get_by_label("How much")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("more than zero"))
    assert_accessible(phone)


def scrolls_sideways(phone):
    # A phone shrinks what is too wide until it fits, and recomputes `innerWidth`.
    page = "document.documentElement"
    return phone.evaluate(f"{page}.scrollWidth > {page}.clientWidth")


@pytest.mark.parametrize(
    "address", ["/en/mitt/", "/en/mitt/inkorg/", "/en/mitt/hamttider/", "/en/mitt/etiketter/"]
)
def test_own_pages_are_accessible_and_fit_a_phone(
    phone, sign_in_browser, giver, promised, address, assert_accessible
):
    sign_in_browser(phone, giver)
    phone.goto(address)

    assert_accessible(phone)
    assert not scrolls_sideways(phone)


def test_words_longer_than_a_phone_is_wide_are_broken(
    phone, sign_in_browser, giver, teacher, listing, promised
):
    word = "Förpackningsmaskinsreservdelslådebottenplattor"
    school = promised.organisation
    listing.title = listing.pickup_address = word
    listing.organisation.name = school.name = word
    for each in (listing, listing.organisation, school):
        each.save()
    post_message(reservation=promised, by=giver, text=f"https://{word}.example")
    sign_in_browser(phone, teacher)
    too_wide = []
    for address in (
        "/material/",
        listing.get_absolute_url(),
        f"/mitt/bokningar/{promised.pk}/",
        "/mitt/",
        "/mitt/inkorg/",
        "/mitt/ideer/",
    ):
        phone.goto(address)
        if scrolls_sideways(phone):
            too_wide.append(address)

    assert too_wide == []
