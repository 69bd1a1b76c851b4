"""The main job, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from marketplace.listings.models import MaterialListing
from marketplace.organisations.places.models import Place
from portal.foundation.images.models import CustomImage
from portal.site.accounts.codes import sent_to
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    org_number,
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


def test_three_photos_are_told_apart_and_what_is_done_with_them_is_said(portal, phone):
    phone.goto("/material/erbjud/")
    colours = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]
    phone.locator("input[type=file]").set_input_files(
        [
            {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes(colour=colour)}
            for n, colour in enumerate(colours)
        ]
    )
    photos = phone.locator("[data-photo]")
    expect(photos).to_have_count(3)
    second = "Vad visar bilden, för den som inte ser den? (Bild 2 av 3)"
    expect(phone.get_by_label(second)).to_be_visible()
    said = phone.locator("[data-photo-status]")

    phone.get_by_role("button", name="Visa först (Bild 3 av 3)").click()
    expect(said).to_have_text("Bild 3 visas nu först.")
    expect(photos.first).to_contain_text("Omslagsbild")
    expect(phone.get_by_text("Omslagsbild", exact=True)).to_have_count(1)

    phone.get_by_role("button", name="Ta bort (Bild 3 av 3)").click()
    expect(said).to_have_text("Bild 3 är borttagen.")
    expect(phone.get_by_role("button", name="Ta bort (Bild 2 av 2)")).to_be_focused()


def test_a_photo_that_is_chosen_before_the_script_has_come_is_seen_too(portal, phone):
    held = []
    phone.route("**/photos*.js", lambda route: held.append(route))
    phone.goto("/material/erbjud/", wait_until="commit")
    phone.get_by_label("Ta eller välj bilder").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    )

    for each in held:
        each.continue_()

    expect(phone.get_by_label("Vad visar bilden")).to_be_visible()
    assert held


def test_a_returning_company_offers_material_with_a_photo_in_five_taps_besides_typing(
    portal, phone, sign_in_browser, seller, counted
):
    papp = CategoryFactory(name="Papp")
    company = seller.memberships.get().organisation
    ListingFactory(title="Gamla lådor", category=papp, stock__kg_per_unit="0.4")
    place = {"address": "Hamngatan 1", "town": "Bjuv"}
    Place.objects.create(organisation=company, contact_name="Eva", contact_phone="1", **place)
    sign_in_browser(phone, seller)
    phone.goto("/mitt/")

    phone.get_by_role("link", name="Ge bort", exact=True).tap()
    choose_photo(phone)
    expect(phone.locator("[data-photo]")).to_have_count(1)
    phone.get_by_label("Vad är det?").press_sequentially("Papprör")
    phone.get_by_role("button", name="Papp", exact=True).tap()
    amount = phone.get_by_label("Hur mycket finns det?")
    expect(amount).to_be_in_viewport()
    amount.fill("12")
    expect(phone.get_by_label("Vad väger en, i kilo?")).to_have_value("0,4")
    send = phone.get_by_role("button", name="Skicka för granskning").filter(visible=True)
    expect(send).to_be_in_viewport()
    send.tap()
    expect(phone.get_by_text("En redaktör granskar annonsen")).to_be_visible()

    taps, written = counted()
    assert taps <= 5
    assert written <= 2
    listing = MaterialListing.objects.get(title="Papprör")
    assert (listing.category, listing.pickup_address) == (papp, "Hamngatan 1")
    assert listing.get_latest_revision_as_object().photos.count() == 1


def test_a_new_company_makes_its_first_offer_in_nine_taps_besides_typing(portal, phone, counted):
    papp = CategoryFactory(name="Papp")
    MunicipalityFactory(name="Bjuv")
    phone.goto("/")

    phone.get_by_role("link", name="Ge bort", exact=True).tap()
    choose_photo(phone)
    expect(phone.locator("[data-photo]")).to_have_count(1)
    phone.get_by_label("Vad är det?").press_sequentially("Papprör")
    phone.get_by_role("button", name="Papp", exact=True).tap()
    phone.get_by_label("Hur mycket finns det?").fill("12")
    phone.get_by_label("Vad väger en, i kilo?").fill("0,4")
    phone.get_by_role("button", name="Nästa").filter(visible=True).tap()
    for label, value in {
        "Gatuadress": "Hamngatan 1",
        "Ort": "Bjuv",
        "Kontaktperson": "Eva Ek",
        "Telefon": "042-12 34",
    }.items():
        phone.get_by_role("textbox", name=label).first.fill(value)
    phone.get_by_role("button", name="Skicka för granskning").filter(visible=True).tap()
    phone.get_by_label("E-postadress").first.fill("eva@firman.example")
    phone.get_by_role("button", name="Skicka en kod").tap()
    expect(phone.get_by_label("Kod")).to_be_visible()
    phone.get_by_label("Kod").fill(sent_to("eva@firman.example").code_of("eva@firman.example"))
    phone.get_by_label("Vad heter du?").fill("Eva Ek")
    phone.get_by_label("Var jobbar du?").fill("Firman AB")
    phone.get_by_role("textbox", name="Organisationsnummer").fill(org_number(5))
    phone.get_by_role("button", name="Skapa konto").filter(visible=True).tap()
    phone.get_by_role("button", name="Skicka som det är").tap()
    expect(phone.get_by_text("En redaktör granskar annonsen")).to_be_visible()

    taps, _written = counted()
    assert taps <= 9
    listing = MaterialListing.objects.get()
    assert (listing.category, listing.organisation.name) == (papp, "Firman AB")
    assert listing.organisation.municipality.name == "Bjuv"


def test_what_a_school_looks_for_finds_its_category_with_a_tap(portal, phone, sign_in_browser):
    CategoryFactory(name="Papp")
    sign_in_browser(phone, MembershipFactory(organisation=SchoolFactory()).user)
    phone.goto("/efterlysningar/ny/")

    phone.get_by_label("Vad letar du efter?").press_sequentially("Papprör")
    phone.get_by_role("button", name="Papp", exact=True).tap()

    expect(phone.locator("[name=category]")).to_have_value(re.compile(r"\d+"))


@pytest.mark.parametrize("step", [0, 1, 2])
def test_each_step_of_the_form_has_its_buttons_above_the_fold(portal, phone, step):
    CategoryFactory(name="Papp")
    phone.goto("/material/erbjud/")
    if step:
        phone.get_by_label("Vad är det?").fill("Papprör")
        phone.get_by_label("Kategori").select_option("Papp")
        phone.get_by_role("button", name="Nästa").filter(visible=True).tap()
    if step > 1:
        phone.get_by_label("Hur mycket finns det?").fill("12")
        phone.get_by_label("Vad väger en, i kilo?").fill("0,4")
        phone.get_by_role("button", name="Nästa").filter(visible=True).tap()

    forward = "Skicka för granskning" if step > 1 else "Nästa"
    expect(phone.get_by_role("button", name=forward).filter(visible=True)).to_be_in_viewport()


def test_the_way_back_goes_a_step_back_and_loses_nothing(portal, phone):
    CategoryFactory(name="Papp")
    phone.goto("/material/erbjud/")
    phone.get_by_label("Vad är det?").fill("Papprör")
    phone.get_by_label("Kategori").select_option("Papp")
    phone.get_by_label("Vad är det?").press("Enter")
    expect(phone.get_by_label("Hur mycket finns det?")).to_be_visible()

    phone.go_back()

    expect(phone.get_by_label("Vad är det?")).to_have_value("Papprör")
    expect(phone.get_by_label("Hur mycket finns det?")).to_be_hidden()


def test_the_same_is_offered_again_in_two_taps(portal, phone, sign_in_browser, seller, counted):
    company = seller.memberships.get().organisation
    ListingFactory(title="Papprör", organisation=company)
    sign_in_browser(phone, seller)
    phone.goto("/mitt/")

    phone.get_by_role("link", name="Lägg ut igen").tap()
    as_it_is = phone.get_by_role("button", name="Skicka som det är")
    expect(as_it_is).to_be_in_viewport()
    as_it_is.tap()
    expect(phone.get_by_text("En redaktör granskar annonsen")).to_be_visible()

    assert counted() == (2, 0)
    assert MaterialListing.objects.filter(title="Papprör").count() == 2


def test_a_teacher_reserves_in_three_taps_from_the_search_result(
    portal, phone, sign_in_browser, counted
):
    from search.index.entries import refresh_all

    listing = ListingFactory(title="Papprör")
    refresh_all()
    sign_in_browser(phone, MembershipFactory(organisation=SchoolFactory()).user)
    phone.goto("/material/?q=papprör")

    phone.get_by_role("link", name="Papprör").tap()
    phone.get_by_role("link", name="Boka", exact=True).tap()
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


def test_photos_are_seen_turned_and_moved_before_they_are_sent(
    portal, phone, sign_in_browser, seller
):
    sign_in_browser(phone, seller)
    phone.goto("/material/erbjud/")
    files = [
        {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes(size=size)}
        for name, size in (("wide", (64, 32)), ("square", (40, 40)))
    ]

    phone.get_by_label("Ta eller välj bilder").set_input_files(files)
    expect(phone.get_by_role("status").filter(has_text="Bilder: 2")).to_be_attached()
    phone.get_by_label("Vad är det?").fill("Papprör")
    # Both at once: the second waits for the answer to the first.
    phone.get_by_role("button", name="Vrid åt höger (Bild 1 av 2)").tap()
    phone.get_by_role("button", name="Flytta ned (Bild 1 av 2)").tap()
    expect(phone.get_by_role("button", name="Flytta upp (Bild 2 av 2)")).to_be_focused()
    phone.get_by_role("button", name="Ta bort (Bild 1 av 2)").tap()
    expect(phone.get_by_role("button", name="Vrid åt höger")).to_have_count(1)

    turned = CustomImage.objects.order_by("-pk").first()
    assert (turned.width, turned.height) == (32, 64)
    # Wagtail cuts the names of renditions short.
    start_of_name = turned.file.name.split("/")[1][:16]
    expect(phone.locator(".photo-list__image")).to_have_attribute("src", re.compile(start_of_name))
    expect(phone.get_by_label("Vad är det?")).to_have_value("Papprör")
