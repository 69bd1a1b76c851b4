"""The main job, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from marketplace.models import MaterialListing
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    picture_bytes,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seller():
    """Somebody of a company that has offered before: its address is known."""
    return MembershipFactory(organisation=CompanyFactory(address="Hamngatan 1")).user


def choose_photo(phone):
    with phone.expect_file_chooser() as chooser:
        phone.get_by_label("Ta eller välj bilder").tap()
    chooser.value.set_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    )


def test_a_returning_company_offers_material_with_a_photo_in_six_taps_besides_typing(
    portal, phone, sign_in_browser, seller, counted
):
    CategoryFactory(name="Papp")
    sign_in_browser(phone, seller)
    phone.goto("/mitt/")

    phone.get_by_role("link", name="Erbjud", exact=True).tap()
    choose_photo(phone)
    phone.get_by_label("Vad är det?").fill("Papprör")
    phone.get_by_label("Sorts material").select_option("Papp")
    phone.get_by_label("Hur mycket finns det?").fill("12")
    phone.get_by_label("Vad väger en, i kg?").fill("0,4")
    phone.get_by_role("button", name="Skicka för granskning").last.tap()
    expect(phone.get_by_text("En redaktör tittar på den")).to_be_visible()

    taps, written = counted()
    assert taps <= 6
    assert written <= 3
    listing = MaterialListing.objects.get()
    assert (listing.title, listing.pickup_address) == ("Papprör", "Hamngatan 1")
    assert listing.get_latest_revision_as_object().photos.count() == 1


def test_the_same_is_offered_again_in_two_taps(portal, phone, sign_in_browser, seller, counted):
    company = seller.memberships.get().organisation
    ListingFactory(title="Papprör", organisation=company)
    sign_in_browser(phone, seller)
    phone.goto("/mitt/")

    phone.get_by_role("link", name="Erbjud igen").tap()
    as_it_is = phone.get_by_role("button", name="Skicka som det är")
    expect(as_it_is).to_be_in_viewport()
    as_it_is.tap()
    expect(phone.get_by_text("En redaktör tittar på den")).to_be_visible()

    assert counted() == (2, 0)
    assert MaterialListing.objects.filter(title="Papprör").count() == 2


def test_a_teacher_reserves_in_three_taps_from_the_search_result(
    portal, phone, sign_in_browser, counted
):
    from search import index

    listing = ListingFactory(title="Papprör")
    index.refresh_all()
    sign_in_browser(phone, MembershipFactory(organisation=SchoolFactory()).user)
    phone.goto("/material/?q=papprör")

    phone.get_by_role("link", name="Papprör").tap()
    phone.get_by_role("link", name="Be om materialet").tap()
    phone.get_by_role("button", name="Skicka").first.tap()
    expect(phone).to_have_url(re.compile("/mitt/bokningar/"))

    taps, written = counted()
    assert taps <= 3
    assert written == 0
    assert listing.reservations.count() == 1


def test_the_pages_of_offering_and_asking_are_accessible(
    portal, phone, sign_in_browser, seller, assert_accessible
):
    listing = ListingFactory(title="Papprör")
    reservation = ReservationFactory(listing=listing)
    sign_in_browser(phone, seller)
    phone.goto("/material/erbjud/")
    assert_accessible(phone)

    phone.context.clear_cookies()
    sign_in_browser(phone, MembershipFactory(organisation=reservation.organisation).user)
    for address in (
        "/material/",
        f"/material/{listing.pk}/papprör/",
        f"/mitt/bokningar/{reservation.pk}/",
    ):
        phone.goto(address)
        assert_accessible(phone)
