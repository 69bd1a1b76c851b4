"""On a phone: a school gives, a store is cleared out, a day is booked full, a hub hands out."""

import re
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inspiration.events.models import EventPage
from inspiration.pages.models import HomePage, InspirationIndexPage
from marketplace.exchange.handovers.models import Handover
from marketplace.hubs.cards import make_card
from marketplace.hubs.models import Hub, Scan
from marketplace.listings.models import MaterialListing
from marketplace.occasions.models import Booking
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    picture_bytes,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
# The server has counted the tap, and the phone does not hear of it.
LOSE_THE_FIRST_ANSWER = """() => {
  const ask = window.fetch;
  let lost = false;
  window.fetch = async (url, options) => {
    const answer = await ask(url, options);
    if (lost || options?.method !== "POST") return answer;
    lost = true;
    throw new TypeError("no connection");
  };
}"""
PHOTO = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}


@pytest.fixture
def on_phone(browser, live_server, sign_in_browser):
    """A function that opens a phone of their own for a person, or for nobody."""

    @contextmanager
    def window(user=None):
        context = browser.new_context(viewport=PHONE, locale="sv-SE", base_url=live_server.url)
        page = context.new_page()
        if user:
            sign_in_browser(page, user)
        yield page
        context.close()

    return window


def fits(page):
    """Whether nothing is wider than the phone."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_school_gives_and_another_takes(portal, on_phone):
    CategoryFactory(name="Möbler")
    here = MunicipalityFactory()
    giver = MembershipFactory(organisation=SchoolFactory(municipality=here, trusted=True)).user
    taker = MembershipFactory(organisation=SchoolFactory(municipality=here)).user
    elsewhere = MembershipFactory(organisation=SchoolFactory()).user

    with on_phone(giver) as phone:
        phone.goto("/material/erbjud/")
        phone.get_by_label("Ta eller välj bilder").set_input_files(PHOTO)
        phone.get_by_label("Vad är det?").fill("Hyllplan")
        phone.get_by_label("Kategori").select_option("Möbler")
        go_on = phone.get_by_role("button", name="Nästa").filter(visible=True)
        go_on.click()
        phone.get_by_label("Hur mycket finns det?").fill("6")
        phone.get_by_label("Vad väger en").fill("3")
        go_on.click()
        for label, value in {
            "Gatuadress": "Skolgatan 1",
            "Ort": "Bjuv",
            "Kontaktperson": "Ada",
            "Telefon": "042-12 34",
        }.items():
            phone.get_by_role("textbox", name=label).filter(visible=True).first.fill(value)
        phone.get_by_role("button", name="Skicka för granskning").last.click()
        phone.wait_for_url("**/mitt/**")
        assert fits(phone)
    listing = MaterialListing.objects.get()
    if not listing.live:
        # An editor settles what children may meet in it.
        listing.get_latest_revision().publish()
    address = listing.get_absolute_url()

    with on_phone(elsewhere) as phone:
        assert phone.goto(address).status == 404

    with on_phone(taker) as phone:
        phone.goto(address)
        expect(phone.get_by_text("bara verksamheter i")).to_be_visible()
        phone.get_by_role("link", name="Boka", exact=True).first.click()
        phone.get_by_role("button", name="Skicka").first.click()
        phone.wait_for_url("**/mitt/bokningar/**")
        reservation = phone.url

    with on_phone(giver) as phone:
        phone.goto(reservation)
        phone.get_by_role("button", name="Ja, de får hämta").click()
        expect(phone.get_by_text("Du har sagt ja")).to_be_visible()


def test_ten_things_are_cleared_out_in_at_most_35_interactions(portal, on_phone):
    CategoryFactory(name="Möbler")
    school = SchoolFactory(address="Skolgatan 1", town="Bjuv", trusted=True)
    first = timezone.localdate() + timedelta(days=12)
    done = []

    def tap(act, *values):
        act(*values)
        done.append(act)

    with on_phone(MembershipFactory(organisation=school).user) as phone:
        phone.goto("/mitt/rensa/")
        tap(phone.get_by_label("Från vilken dag").fill, first.isoformat())
        tap(phone.get_by_role("button", name="Börja rundan").click)
        for number in range(1, 11):
            tap(phone.get_by_label("Bild").set_input_files, PHOTO)
            tap(phone.get_by_label("Vad är det, och hur många?").fill, f"{number} stolar")
            tap(phone.get_by_role("button", name="Lägg till").click)
            expect(phone.locator("#found")).to_contain_text(f"{number} sak")
        assert fits(phone)
        # Ten listings go through their review at once, which takes a busy machine a while.
        phone.set_default_timeout(180_000)
        tap(phone.get_by_role("button", name="Skicka allt").click)
        phone.wait_for_url("**/mitt/")

    assert len(done) <= 35
    sent = MaterialListing.objects.filter(available_from=first)
    assert sent.count() == 10
    assert all(listing.live or listing.current_workflow_state for listing in sent)
    assert all(listing.photos.count() == 1 for listing in sent)
    assert {listing.stock.offered for listing in sent} == {Decimal(n) for n in range(1, 11)}


def test_a_day_is_booked_full_with_a_waiting_list(portal, on_phone):
    home = HomePage.objects.get()
    index = home.add_child(
        instance=InspirationIndexPage(title="Evenemang", slug="handelser", locale=home.locale)
    )
    start = timezone.now() + timedelta(days=7)
    event = index.add_child(
        instance=EventPage(
            title="Utlämningsdag",
            slug="utlamningsdag",
            starts_at=start,
            ends_at=start + timedelta(hours=3),
            venue="Återbruket",
            places=3,
            most_per_booking=2,
            locale=home.locale,
        )
    )
    event.save_revision().publish()
    people = [MembershipFactory(organisation=SchoolFactory()).user for _each in range(3)]

    def book(phone, how_many, button):
        phone.goto("/handelser/utlamningsdag/")
        phone.get_by_label("Hur många kommer ni?").fill(how_many)
        phone.get_by_role("button", name=button).click()

    with on_phone(people[0]) as phone:
        book(phone, "2", "Boka")
        expect(phone.get_by_text("1 plats kvar")).to_be_visible()
        assert fits(phone)
    with on_phone(people[1]) as phone:
        book(phone, "1", "Boka")
        expect(phone.get_by_text("Fullbokat")).to_be_visible()
    with on_phone(people[2]) as phone:
        book(phone, "2", "Ställ er i kö")
        expect(phone.get_by_text("plats 1 i kön").first).to_be_visible()
    with on_phone(people[0]) as phone:
        phone.goto("/handelser/utlamningsdag/")
        phone.get_by_role("button", name="Avboka").click()
        expect(phone.get_by_text("Bokningen är avbokad")).to_be_visible()
    with on_phone(people[2]) as phone:
        phone.goto("/mitt/")
        expect(phone.get_by_text("Bokad", exact=True)).to_be_visible()

    assert Booking.objects.booked().people() == 3


@pytest.fixture
def hub(portal):
    return Hub.objects.create(
        organisation=SchoolFactory(),
        name="Återbruket",
        slug="aterbruket",
        address="Storgatan 1",
        town="Bjuv",
        house_rules="Ta det ni behöver.",
    )


def test_a_hub_takes_in_and_hands_out_also_without_a_connection(hub, on_phone):
    CategoryFactory(name="Trä")
    school = SchoolFactory(name="Förskolan Ekorren")
    card = make_card(organisation=school, name="Personalrummet", by=None)

    with on_phone(MembershipFactory(organisation=hub.organisation).user) as phone:
        phone.goto("/nav/aterbruket/ny-hylla/")
        phone.get_by_label("Hyllans namn").fill("Hylla 3")
        phone.get_by_label("Kategori").select_option("Trä")
        for size, kilos in (("näve", "0,2"), ("kasse", "2"), ("låda", "6")):
            phone.get_by_label(f"En {size} väger").fill(kilos)
        phone.get_by_role("button", name="Sätt upp hyllan").click()
        phone.get_by_role("link", name="Ta emot").click()
        phone.get_by_label("Hur många kilo?").fill("20")
        phone.get_by_label("Hylla 3").check()
        phone.get_by_role("button", name="Lägg på hyllan").click()
        expect(phone.get_by_text("20 kg på Hylla 3")).to_be_visible()
        assert fits(phone)
    shelf = hub.shelves.get()

    with on_phone() as phone:
        phone.goto(card.get_absolute_url())
        expect(phone.get_by_text("Du tar åt Förskolan Ekorren")).to_be_visible()
        phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
        phone.goto(shelf.get_absolute_url())
        phone.wait_for_function("navigator.serviceWorker.controller !== null")
        phone.locator("[data-shelf][data-ready]").wait_for()
        phone.get_by_role("button", name="En låda").click()
        expect(phone.get_by_text(re.compile("har tagit en låda"))).to_be_visible()
        assert fits(phone)

        phone.wait_for_function("caches.match('/nav/hylla/').then((kept) => kept !== undefined)")
        phone.context.set_offline(True)
        phone.goto(shelf.get_absolute_url())
        phone.locator("[data-shelf][data-ready]").wait_for()
        phone.get_by_role("button", name="En kasse").click()
        expect(phone.get_by_text("Sparat i telefonen")).to_be_visible()
        assert Scan.objects.count() == 1

        phone.evaluate(LOSE_THE_FIRST_ANSWER)
        with phone.expect_response(lambda answer: answer.request.method == "POST"):
            phone.context.set_offline(False)
        expect(phone.get_by_text("Sparat i telefonen")).to_be_visible()
        phone.context.set_offline(True)
        with phone.expect_response(lambda answer: answer.request.method == "POST"):
            phone.context.set_offline(False)
        expect(phone.get_by_text("Sparat i telefonen")).to_be_hidden()

    assert sorted(Scan.objects.values_list("size", flat=True)) == ["bag", "box"]
    assert set(Scan.objects.values_list("organisation", flat=True)) == {school.pk}
    shelf.refresh_from_db()
    assert type(shelf).objects.get(pk=shelf.pk).left_kg == Decimal(12)


def test_what_is_brought_to_a_hub_near_us_is_kept_there_until_it_is_fetched(hub, on_phone):
    here = hub.organisation.municipality
    seller = MembershipFactory(organisation=CompanyFactory(municipality=here)).user
    company = seller.organisations.get()
    listing = ListingFactory(organisation=company, title="Papprör", stock__kg_per_unit=2)
    school = SchoolFactory(name="Förskolan Ekorren", municipality=here)

    with (
        on_phone(MembershipFactory(organisation=school).user) as teacher,
        on_phone(seller) as giver,
        on_phone(MembershipFactory(organisation=hub.organisation).user) as keeper,
    ):
        teacher.goto(f"/material/{listing.pk}/boka/")
        teacher.get_by_label("Till ett nav nära oss: Återbruket").check()
        assert fits(teacher)
        teacher.get_by_role("button", name="Skicka").first.click()
        teacher.wait_for_url("**/mitt/bokningar/**")
        reservation = teacher.url
        giver.goto(reservation)
        giver.get_by_role("button", name=re.compile("^Ja, de ")).click()
        expect(giver.get_by_text("lämnar det på Återbruket, Storgatan 1")).to_be_visible()

        keeper.goto("/nav/aterbruket/")
        keeper.get_by_role("link", name="På väg och sparat (1)").click()
        assert fits(keeper)
        keeper.get_by_role("button", name=re.compile("^Det är här")).click()
        expect(keeper.get_by_text("Förskolan Ekorren vet nu att")).to_be_visible()
        teacher.reload()
        expect(teacher.get_by_text("Det är framme och finns kvar till")).to_be_visible()
        assert not Handover.objects.exists()

        keeper.get_by_role("button", name=re.compile("^De har hämtat det")).click()
        expect(keeper.get_by_text("Överlämningen är räknad")).to_be_visible()

    handover = Handover.objects.get()
    assert (handover.giver, handover.receiver) == (company, school)
    assert handover.mass_kg == handover.quantity * 2
