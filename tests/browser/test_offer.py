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
    SchoolFactory,
    picture_bytes,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_company_offers_material_with_a_photo_in_six_steps_besides_typing(
    portal, phone, sign_in_browser, assert_accessible
):
    CategoryFactory(name="Papp")
    company = CompanyFactory(address="Hamngatan 1")
    sign_in_browser(phone, MembershipFactory(organisation=company).user)
    taps = 0

    phone.goto("/material/erbjud/")
    assert_accessible(phone)
    phone.get_by_label("Ta eller välj bilder").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    )
    taps += 1
    phone.get_by_label("Vad är det?").fill("Papprör")
    phone.get_by_label("Sorts material").select_option("Papp")
    taps += 1
    phone.get_by_label("Hur mycket finns det?").fill("12")
    phone.get_by_label("Vad väger en, i kg?").fill("0,4")
    phone.get_by_role("button", name="Skicka för granskning").last.click()
    taps += 1

    expect(phone.get_by_text("En redaktör tittar på den")).to_be_visible()
    assert taps <= 6
    assert MaterialListing.objects.get().title == "Papprör"


def test_a_teacher_asks_for_material_in_three_steps_from_the_result(
    portal, phone, sign_in_browser, assert_accessible
):
    from search import index

    listing = ListingFactory(title="Papprör")
    index.refresh_all()
    sign_in_browser(phone, MembershipFactory(organisation=SchoolFactory()).user)

    phone.goto("/material/?q=papprör")
    assert_accessible(phone)
    phone.get_by_role("link", name="Papprör").click()
    assert_accessible(phone)
    phone.get_by_role("link", name="Be om materialet").click()
    assert_accessible(phone)
    phone.get_by_role("button", name="Skicka").first.click()

    expect(phone).to_have_url(re.compile("/mitt/bokningar/"))
    assert listing.reservations.count() == 1
    assert_accessible(phone)
