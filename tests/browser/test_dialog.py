"""A question before something that cannot be undone, with a keyboard, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.factories import ListingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def listing():
    return ListingFactory(title="Korkmattor")


def is_closed(listing):
    listing.stock.refresh_from_db()
    return listing.stock.closed_at is not None


def test_a_listing_ends_only_after_a_question(
    portal, phone, sign_in_browser, listing, giver, assert_accessible
):
    sign_in_browser(phone, giver)
    phone.goto(listing.get_absolute_url())

    opener = phone.get_by_role("link", name="Avsluta")
    opener.focus()
    phone.keyboard.press("Enter")
    dialog = phone.get_by_role("dialog", name="Avsluta ”Korkmattor”?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Avbryt")).to_be_focused()
    assert_accessible(phone)
    phone.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(opener).to_be_focused()
    assert not is_closed(listing)

    phone.keyboard.press("Enter")
    dialog.get_by_role("button", name="Ja, avsluta").click()

    phone.wait_for_url("**/mitt/")
    assert is_closed(listing)


def test_without_javascript_the_question_is_a_page(
    portal, browser, live_server, sign_in_browser, listing, giver
):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    sign_in_browser(page, giver)
    page.goto(listing.get_absolute_url())

    page.get_by_role("link", name="Avsluta").click()
    expect(page.get_by_role("heading", name="Avsluta ”Korkmattor”?")).to_be_visible()
    page.get_by_role("button", name="Ja, avsluta").click()

    page.wait_for_url("**/mitt/")
    context.close()
    assert is_closed(listing)
