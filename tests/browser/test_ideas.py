"""What pupils think of, whole: from the handover over the class's link to a case story."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from inspiration.pages.models import HomePage, InspirationIndexPage
from inspiration.stories.models import CaseStoryPage
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.reservations.services import accept_reservation
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
    give,
    picture_bytes,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def window(browser, live_server, sign_in_browser):
    """A function that opens a browser window of one's own, signed in or not."""

    @contextmanager
    def open_window(user=None, viewport=PHONE):
        context = browser.new_context(viewport=viewport, locale="sv-SE", base_url=live_server.url)
        page = context.new_page()
        if user:
            sign_in_browser(page, user)
        yield page
        context.close()

    return open_window


@pytest.fixture
def handover(portal):
    home = HomePage.objects.get()
    stories = InspirationIndexPage(title="Berättelser", locale=home.locale)
    home.add_child(instance=stories)
    stories.save_revision().publish()
    reservation = ReservationFactory(
        listing=ListingFactory(
            organisation=CompanyFactory(name="Snickeriet Furan AB"), title="Papprör"
        ),
        organisation=SchoolFactory(name="Björkskolan"),
    )
    accept_reservation(reservation=reservation, by=UserFactory())
    return confirm_handover(
        reservation=reservation, by=UserFactory(), quantity=2, mass_kg=1, would_have_bought="yes"
    )


def test_from_a_handover_to_a_case_story(handover, window, assert_accessible):
    teacher = MembershipFactory(organisation=handover.receiver).user
    seller = MembershipFactory(organisation=handover.giver).user
    editor = UserFactory()
    give(editor, "editor")

    with window(teacher) as page:
        page.goto(f"/mitt/bokningar/{handover.reservation_id}/")
        page.get_by_role("link", name="Bjud in klassen").click()
        page.get_by_role("button", name="Skapa en länk").click()
        expect(page.get_by_role("img", name=re.compile("QR-kod"))).to_be_visible()
        assert_accessible(page)
        link = page.locator("main a[href*='/ide/']").get_attribute("href")

    with window() as page:
        page.goto(link)
        expect(page.get_by_text("inga ansikten").first).to_be_visible()
        assert_accessible(page)
        page.get_by_label("Det här har vi gjort").check()
        page.get_by_label("Vad heter det?").fill("Kulbanan")
        page.get_by_label("Berätta om det").fill("Vi byggde en kulbana av rören.")
        page.get_by_label("Ta eller välj bilder").set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
        )
        page.get_by_label("inget ansikte syns").check()
        page.get_by_label("Hur gamla är ni?").select_option("f-3")
        page.get_by_label("Ditt förnamn eller gruppens namn").fill("Alva Svensson")
        page.get_by_role("button", name="Skicka", exact=True).click()
        expect(page.get_by_text("Inga efternamn").last).to_be_visible()
        page.get_by_label("Ditt förnamn eller gruppens namn").fill("2B")
        page.get_by_role("button", name="Skicka", exact=True).click()
        expect(page.get_by_text("Din idé är på väg")).to_be_visible()

    with window(teacher) as page:
        page.goto("/mitt/")
        page.get_by_role("link", name="Läs idéerna").click()
        page.get_by_role("link", name="Kulbanan").click()
        assert_accessible(page)
        page.get_by_role("button", name="Ja, skicka").click()
        expect(page.get_by_text("Skickad till företaget")).to_be_visible()

    with window(seller) as page:
        page.goto("/mitt/ideer/")
        page.get_by_role("link", name="Kulbanan").click()
        page.get_by_role("button", name="Säg tack").click()
        page.get_by_role("textbox", name="Meddelande").fill("Hur lång blev den?")
        page.get_by_role("button", name="Skicka meddelandet").click()
        page.get_by_role("button", name="Vi vill ta det här vidare").click()
        expect(page.get_by_text("Företaget valde att ta idén vidare")).to_be_visible()
        assert_accessible(page)

    with window(editor, DESK) as page:
        page.goto("/admin/snippets/marketplace/idea/")
        page.get_by_role("link", name="Kulbanan").first.click()
        page.get_by_role("button", name="Fler åtgärder").first.click()
        page.get_by_role("button", name=re.compile("berättelse", re.I)).click()
        page.wait_for_url("**/admin/pages/*/edit/")

    story = CaseStoryPage.objects.get()
    assert (story.title, story.company, story.school) == (
        "Kulbanan",
        handover.giver,
        handover.receiver,
    )
    assert story.cover is not None


def test_a_closed_link_is_gone_on_the_pupils_phone(handover, window):
    teacher = MembershipFactory(organisation=handover.receiver).user
    address = f"/mitt/overlamningar/{handover.pk}/klassen/"

    with window(teacher) as page:
        page.goto(address)
        page.get_by_role("button", name="Skapa en länk").click()
        link = page.locator("main a[href*='/ide/']").get_attribute("href")
        page.get_by_role("button", name="Stäng länken").click()

    with window() as page:
        answer = page.goto(link)
        assert answer.status == 410
        expect(page.get_by_role("heading", name="Länken är inte öppen").last).to_be_visible()
        expect(page.get_by_label("Vad heter det?")).to_have_count(0)
