"""An editor empties the queue with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from marketplace.listings.models import MaterialListing
from marketplace.offers.services import submit_listing
from tests.factories import CompanyFactory, ListingFactory, MembershipFactory, UserFactory, give

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 820])
def test_an_editor_empties_a_queue_of_ten_in_under_40_keys(
    portal, phone, sign_in_browser, assert_accessible, width
):
    company = CompanyFactory()
    member = MembershipFactory(organisation=company).user
    for number in range(10):
        listing = ListingFactory(organisation=company, draft=True, title=f"Bit {number}")
        submit_listing(listing=listing, by=member)
    editor = give(UserFactory(), "editor")
    sign_in_browser(phone, editor)
    phone.set_viewport_size({"width": width, "height": 900})
    phone.goto("/admin/ko/")
    marked = phone.locator("[data-queue-row]:focus")
    pressed = 0

    for number in range(9):
        expect(marked).to_contain_text(f"Bit {number}")
        phone.keyboard.press("g")
        pressed += 1
        expect(phone.get_by_role("heading", name=f"Bit {number}")).to_have_count(0)
    expect(marked).to_contain_text("Bit 9")
    phone.wait_for_load_state()
    assert_accessible(phone)
    phone.keyboard.press("n")
    phone.keyboard.type("En bild?")
    for key in ("Tab", "Tab", "Tab", "Enter"):
        phone.keyboard.press(key)
    pressed += 1 + len("En bild?") + 4
    expect(phone.get_by_text("Inget väntar här")).to_be_visible()

    assert pressed < 40
    assert MaterialListing.objects.filter(live=True).count() == 9
