"""The offer form on a phone whose connection comes and goes."""

import re

import pytest
from playwright.sync_api import expect

from marketplace.listings.models import MaterialListing
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    MembershipFactory,
    SchoolFactory,
    picture_bytes,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def offer(portal, phone, sign_in_browser):
    """The open offer form, with the service worker in charge."""
    CategoryFactory(name="Papp")
    company = CompanyFactory(address="Hamngatan 1")
    sign_in_browser(phone, MembershipFactory(organisation=company).user)
    phone.goto("/material/erbjud/")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()
    phone.wait_for_function("navigator.serviceWorker.controller !== null")
    phone.locator("form[data-ready]").wait_for()
    return phone


def fill_in(phone):
    phone.get_by_label("Ta eller välj bilder").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    )
    phone.get_by_label("Vad är det?").fill("Papprör")
    phone.get_by_label("Kategori").select_option("Papp")
    forward(phone)
    phone.get_by_label("Hur mycket finns det?").fill("12")
    phone.get_by_label("Vad väger en, i kilo?").fill("0,4")
    forward(phone)


def forward(phone):
    phone.get_by_role("button", name="Nästa").filter(visible=True).click()


def send(phone):
    phone.get_by_role("button", name="Skicka för granskning").filter(visible=True).click()


def test_a_form_that_has_lost_nothing_says_nothing_about_it(offer):
    expect(offer.get_by_label("Vad är det?")).to_be_visible()

    expect(offer.get_by_text("Du är inte uppkopplad")).to_be_hidden()
    expect(offer.get_by_text("Du kan skicka det nu")).to_be_hidden()
    expect(offer.get_by_text("Här är det du påbörjade")).to_be_hidden()


def test_what_was_typed_and_photographed_is_there_when_the_connection_is_back(offer):
    offer.context.set_offline(True)
    fill_in(offer)
    send(offer)
    # It takes the focus once all is kept.
    expect(offer.locator("[data-kept-offline]")).to_be_focused()
    expect(offer.get_by_text("Du är inte uppkopplad")).to_be_visible()

    offer.reload()
    expect(offer.get_by_label("Vad är det?")).to_have_value("Papprör")
    expect(offer.get_by_alt_text("photo.jpg")).to_be_visible()

    offer.context.set_offline(False)
    expect(offer.get_by_text("Du kan skicka det nu")).to_be_visible()
    forward(offer)
    forward(offer)
    send(offer)

    expect(offer).to_have_url(re.compile("/mitt/"))
    listing = MaterialListing.objects.get()
    assert listing.title == "Papprör"
    assert listing.photos.count() == 1


def test_what_was_sent_is_not_shown_again(offer):
    fill_in(offer)
    send(offer)
    expect(offer).to_have_url(re.compile("/mitt/"))

    offer.goto("/material/erbjud/")
    offer.locator("form[data-ready]").wait_for()

    expect(offer.get_by_label("Vad är det?")).to_have_value("")


def test_other_pages_say_that_there_is_no_connection(offer):
    offer.context.set_offline(True)
    offer.goto("/effekt/")

    expect(offer.get_by_role("heading", name="Ingen uppkoppling")).to_be_visible()


def test_the_portal_can_be_put_on_the_home_screen(portal, phone):
    manifest = phone.request.get("/manifest.webmanifest").json()

    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])
    for icon in manifest["icons"]:
        assert phone.request.get(icon["src"]).ok
    assert (
        phone.request.get("/service-worker.js")
        .headers["content-type"]
        .startswith("text/javascript")
    )


def test_the_page_that_says_so_has_its_drawing_without_a_connection(offer):
    offer.context.set_offline(True)

    offer.goto("/material/")

    expect(offer.get_by_role("heading", name="Ingen uppkoppling")).to_be_visible()
    drawing = offer.locator("main img.drawing")
    assert drawing.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_what_was_typed_without_a_connection_is_kept_in_other_forms_too(
    portal, phone, sign_in_browser
):
    CategoryFactory(name="Papp")
    sign_in_browser(phone, MembershipFactory(organisation=SchoolFactory()).user)
    phone.goto("/efterlysningar/ny/")
    phone.context.set_offline(True)
    phone.get_by_label("Vad letar du efter?").fill("Stora kartonger")
    phone.get_by_role("button", name="Skicka för granskning").click()
    expect(phone.get_by_text("Det du har skrivit finns kvar")).to_be_visible()

    phone.context.set_offline(False)
    phone.reload()

    expect(phone.get_by_label("Vad letar du efter?")).to_have_value("Stora kartonger")


def test_the_language_can_be_changed_with_everything_kept(portal, phone, sign_in_browser):
    CategoryFactory(name="Papp")
    sign_in_browser(phone, MembershipFactory(organisation=SchoolFactory()).user)
    phone.goto("/efterlysningar/ny/")
    phone.get_by_label("Vad letar du efter?").fill("Stora kartonger")

    phone.locator("a.language").click()

    expect(phone).to_have_url(re.compile("/en/"))
    expect(phone.get_by_label("What are you looking for?")).to_have_value("Stora kartonger")


def test_the_way_back_to_a_form_that_had_errors_is_no_lost_connection(
    portal, phone, sign_in_browser
):
    sign_in_browser(phone, MembershipFactory(organisation=SchoolFactory()).user)
    phone.goto("/efterlysningar/ny/")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()
    phone.get_by_label("Vad letar du efter?").fill("Stora kartonger")
    phone.get_by_role("button", name="Skicka för granskning").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    phone.goto("/material/")

    phone.go_back()

    expect(phone.get_by_label("Vad letar du efter?")).to_have_value("Stora kartonger")
    expect(phone.get_by_role("heading", name="Ingen uppkoppling")).to_have_count(0)
