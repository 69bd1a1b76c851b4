"""The main job, whole: from a company's form over the editor's review to kilos counted."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    give,
    picture_bytes,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_as(browser, live_server, sign_in_browser):
    """A function that opens a browser window of their own for a person."""

    @contextmanager
    def window(user, width=1280):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="sv-SE", base_url=live_server.url
        )
        page = context.new_page()
        sign_in_browser(page, user)
        yield page
        context.close()

    return window


def test_from_a_companys_form_to_kilos_counted_for_the_municipality(portal, open_as):
    # What is known of the category answers the questions of safety.
    CategoryFactory(name="Papp", slug="papphylsor-ror")
    seller = MembershipFactory(organisation=CompanyFactory(address="Hamngatan 1")).user
    school = SchoolFactory(name="Björkskolan")
    teacher = MembershipFactory(organisation=school).user
    editor = UserFactory()
    give(editor, "editor")

    with open_as(seller) as page:
        page.goto("/material/erbjud/")
        page.get_by_label("Ta eller välj bilder").set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
        )
        page.get_by_label("Vad är det?").fill("Papprör, en meter")
        page.get_by_label("Kategori").select_option("Papp")
        page.get_by_label("Hur mycket finns det?").fill("20")
        page.get_by_label("Vad väger en").fill("0,5")
        page.get_by_role("button", name="Skicka för granskning").last.click()
        page.wait_for_url("**/mitt/**")

    with open_as(editor) as page:
        page.goto("/admin/")
        page.get_by_role("link", name="Öppna det som väntat längst").click()
        expect(page.get_by_role("heading", name="Papprör, en meter")).to_be_visible()
        page.get_by_role("button", name="Godkänn och publicera").first.click()
        expect(page.get_by_text("Inget väntar här")).to_be_visible()

    with open_as(teacher) as page:
        page.goto("/sok/?q=papprör")
        page.get_by_role("link", name="Papprör, en meter").click()
        page.get_by_role("link", name="Boka", exact=True).first.click()
        page.get_by_label("Hur mycket").fill("8")
        page.get_by_role("button", name="Skicka").first.click()
        page.wait_for_url("**/mitt/bokningar/**")
        reservation = page.url

    with open_as(seller) as page:
        page.goto(reservation)
        page.get_by_role("button", name="Ja, de får hämta").click()
        expect(page.get_by_text("Du har sagt ja")).to_be_visible()

    with open_as(teacher) as page:
        page.goto(reservation)
        page.get_by_text("Bekräfta att det är hämtat").click()
        page.get_by_label("Ja", exact=True).check()
        page.get_by_role("button", name="Bekräfta att det är hämtat").click()
        expect(page.get_by_text("Hämtningen är bekräftad")).to_be_visible()

        page.goto("/effekt/")
        expect(page.get_by_role("row").filter(has_text=school.municipality.name)).to_contain_text(
            "4"
        )
