"""What editors, communicators and translators do, and what visitors then see, without a mouse."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader
from wagtail.models import Locale

from inspiration.campaigns.models import CampaignPage
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage
from tests.browser.keyboard import Keyboard
from tests.factories import CategoryFactory, ListingFactory, UserFactory, give, picture_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Writer(Keyboard):
    """Somebody who edits with nothing but a keyboard."""

    def upload(self, locator, name):
        """What the system's own window for files gives, which no browser test can reach."""
        self.reach(locator)
        locator.set_input_files(
            {
                "name": name,
                "mimeType": "image/jpeg",
                # A colour of its own: Wagtail asks about a picture that is there already.
                "buffer": picture_bytes(size=(1200, 900), colour=(len(name) * 9, 101, 29)),
            }
        )


@pytest.fixture(autouse=True)
def no_autosave(settings):
    """Nothing is saved, and no part of the page replaced, while somebody types on."""
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0


@pytest.fixture
def sit_down(browser, live_server, sign_in_browser):
    """A function that gives somebody (or a visitor) a browser window of their own."""

    @contextmanager
    def window(user=None):
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, locale="sv-SE", base_url=live_server.url
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        if user:
            sign_in_browser(page, user)
        yield page, Writer(page)
        context.close()

    return window


@pytest.fixture
def lists(portal):
    """A function that makes a list of pages below the start page."""

    def make(title):
        home = HomePage.objects.get(locale__language_code="sv")
        made = home.add_child(instance=InspirationIndexPage(title=title, locale=home.locale))
        made.save_revision().publish()
        return made

    return make


def member_of(group):
    user = UserFactory()
    give(user, group)
    return user


def choose_picture(page, keys, opener, *, name, alt_text):
    """Upload a picture in the window that `opener` opens, and choose it."""
    window = keys.open_window(opener)
    keys.reach(window.get_by_role("tab", name="Sök"))
    page.keyboard.press("ArrowRight")
    keys.press(window.get_by_role("tab", name="Ladda upp"))
    keys.write(window.get_by_role("textbox", name="Alternativtext"), alt_text)
    keys.upload(window.locator("input[type=file]"), f"{name}.jpg")
    # Wagtail takes the title from the file's name a moment later, and asks for one without it.
    expect(window.get_by_role("textbox", name="Rubrik*")).not_to_have_value("")
    keys.press(window.get_by_role("button", name="Ladda upp"))
    window.wait_for(state="detached")


def add_block(page, keys, opener, name):
    """Choose a kind of block in the list that `opener` opens, by typing its name."""
    keys.press(opener)
    keys.write(page.locator(".w-combobox input"), name)
    page.keyboard.press("Enter")


def act(page, keys, name):
    """Press the main button at the foot of an editor."""
    keys.press(page.locator("footer, form").get_by_role("button", name=name, exact=True).last)


def approve(page, keys, title):
    """As a reviewer: from the first page over the queue to the page, and let it be published."""
    page.goto("/admin/")
    keys.press(page.get_by_role("link", name="Öppna det som väntat längst"))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    keys.press(page.get_by_role("link", name="Se allt och ändra"))
    page.wait_for_url("**/edit/**")
    act(page, keys, "Godkänn och publicera")
    page.wait_for_url(re.compile(r"/admin/pages/\d+/$"))


def open_action(page, keys, name):
    """Follow a link in the menu beside a page's title in the admin."""
    keys.press(page.locator("header").first.get_by_role("button", name="Handlingar"))
    keys.press(page.get_by_role("link", name=name))


def test_an_editor_writes_a_reviewer_publishes_and_a_visitor_reads(lists, sit_down):
    articles = lists("Artiklar")

    with sit_down(member_of("communicator")) as (page, keys):
        page.goto(f"/admin/pages/add/inspiration/articlepage/{articles.pk}/")
        expect(page.locator("html")).to_have_attribute("lang", "sv")
        keys.write(page.get_by_role("textbox", name="Rubrik*"), "Rör blir pennställ")
        summary = page.get_by_role("textbox", name="Sammanfattning")
        keys.write(summary, "En klass och trettio rör.")
        cover = page.get_by_role("region", name="Omslagsbild")
        opener = cover.get_by_role("button", name="Välj en bild")
        choose_picture(page, keys, opener, name="rör", alt_text="Trettio papprör på ett bord")
        body = page.get_by_role("region", name="Brödtext")
        plus = body.get_by_role("button", name="Lägg till ett block")
        add_block(page, keys, plus, "Text")
        keys.write(body.locator(".public-DraftEditor-content"), "Vi började med att räkna rören.")
        add_block(page, keys, plus.last, "Bild")
        opener = body.get_by_role("button", name="Välj en bild")
        choose_picture(page, keys, opener, name="ställ", alt_text="Ett pennställ av rör")
        keys.write(body.get_by_role("textbox", name="Bildtext"), "Så blev det.")
        act(page, keys, "Skicka för granskning")
        page.wait_for_url(f"**/admin/pages/{articles.pk}/")

    with sit_down(member_of("editor")) as (page, keys):
        approve(page, keys, "Rör blir pennställ")

    with sit_down() as (page, keys):
        page.goto("/artiklar/")
        keys.press(page.get_by_role("link", name="Rör blir pennställ"))
        page.wait_for_url("**/artiklar/ror-blir-pennstall/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Rör blir pennställ")
        expect(page.get_by_text("Vi började med att räkna rören.")).to_be_visible()
        expect(page.get_by_role("img", name="Trettio papprör på ett bord")).to_be_visible()
        figure = page.get_by_role("figure").filter(has_text="Så blev det.")
        expect(figure.get_by_role("img", name="Ett pennställ av rör")).to_be_attached()


def test_a_communicator_makes_a_campaign_and_downloads_its_poster(lists, sit_down):
    campaigns = lists("Kampanjer")
    today = timezone.localdate()
    communicator = member_of("communicator")

    with sit_down(communicator) as (page, keys):
        page.goto(f"/admin/pages/add/inspiration/campaignpage/{campaigns.pk}/")
        keys.write(page.get_by_role("textbox", name="Rubrik*"), "Tyg i nya händer")
        keys.write(page.get_by_role("textbox", name="Sammanfattning"), "Vi samlar tyg.")
        keys.write(page.get_by_role("textbox", name="Första dag*"), today.isoformat())
        last = (today + timedelta(days=30)).isoformat()
        keys.write(page.get_by_role("textbox", name="Sista dag*"), last)
        keys.write(page.get_by_role("spinbutton", name="Mål*"), "300")
        keys.write(page.get_by_role("textbox", name="Uppmaning"), "Ge oss ert tyg!")
        act(page, keys, "Skicka för granskning")
        page.wait_for_url(f"**/admin/pages/{campaigns.pk}/")

    with sit_down(member_of("editor")) as (page, keys):
        approve(page, keys, "Tyg i nya händer")

    with sit_down(communicator) as (page, keys):
        campaign = CampaignPage.objects.get()
        page.goto(f"/admin/pages/{campaign.pk}/edit/")
        with page.expect_download() as download:
            open_action(page, keys, "Affisch (PDF)")
        poster = PdfReader(download.value.path())
        assert download.value.suggested_filename == "tyg-i-nya-hander-a4.pdf"
        assert len(poster.pages) == 1
        assert "Ge oss ert tyg!" in " ".join(poster.pages[0].extract_text().split())

    with sit_down() as (page, keys):
        page.goto("/kampanjer/")
        keys.press(page.get_by_role("link", name="Tyg i nya händer"))
        page.wait_for_url("**/kampanjer/tyg-i-nya-hander/")
        expect(page.get_by_text("Pågår nu")).to_be_visible()


def test_what_is_sent_while_the_draft_is_being_saved_is_there_once(lists, sit_down, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 500
    articles = lists("Artiklar")
    saved = []

    def hold(route):
        if "application/json" in route.request.headers["accept"]:
            saved.append((route, route.fetch()))
        else:
            route.continue_()

    with sit_down(member_of("communicator")) as (page, keys):
        # Wagtail looks for changes from a moment after the page has come.
        page.add_init_script("addEventListener('w-unsaved:watch-edits', () => { ready = true; });")
        page.goto(f"/admin/pages/add/inspiration/articlepage/{articles.pk}/")
        # The admin allows no eval, so Playwright cannot wait for an expression.
        while not page.evaluate("window.ready"):
            page.wait_for_timeout(50)
        page.route("**/admin/pages/add/**", hold)
        with page.expect_request(lambda request: request.method == "POST"):
            keys.write(page.get_by_role("textbox", name="Rubrik*"), "Rör blir pennställ")
        act(page, keys, "Skicka för granskning")
        for route, response in saved:
            route.fulfill(response=response)
        page.wait_for_url(f"**/admin/pages/{articles.pk}/")

    article = ArticlePage.objects.get()
    assert article.title == "Rör blir pennställ"
    assert article.workflow_in_progress


def test_a_translator_translates_a_page_and_the_visitor_changes_language(lists, sit_down):
    articles = lists("Artiklar")
    article = ArticlePage(title="Rör blir pennställ", slug="ror", summary="Trettio rör.")
    article.locale = articles.locale
    articles.add_child(instance=article)
    article.save_revision().publish()
    for page in (articles.get_parent().specific, articles):
        page.copy_for_translation(Locale.objects.get(language_code="en")).save_revision().publish()

    with sit_down(member_of("editor")) as (page, keys):
        page.goto(f"/admin/pages/{article.pk}/edit/")
        open_action(page, keys, "Översätt den här sidan")
        keys.press(page.get_by_role("checkbox", name="Engelska"), " ")
        keys.press(page.get_by_role("button", name="Skicka"))
        page.wait_for_url("**/edit/")
        for swedish, english in {
            "Rör blir pennställ": "Tubes become pen holders",
            "Trettio rör.": "Thirty tubes.",
        }.items():
            segment = page.locator("li", has=page.get_by_text(swedish, exact=True)).last
            keys.press(segment.get_by_role("button", name="Översätt"))
            keys.write(segment.get_by_role("textbox"), english)
            keys.press(segment.get_by_role("button", name="Spara"))
            expect(segment.get_by_role("button", name="Redigera")).to_be_visible()
        assert not article.get_translations().live().exists()
        keys.press(page.get_by_role("button", name=re.compile("^Publicera")))
        expect(page.get_by_role("link", name=re.compile("Besök live-sidan"))).to_be_visible()

    with sit_down() as (page, keys):
        page.goto("/artiklar/ror/")
        keys.press(page.get_by_role("banner").get_by_role("link", name=re.compile("English")))
        page.wait_for_url("**/en/artiklar/**")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tubes become pen holders")
        keys.press(page.get_by_role("banner").get_by_role("link", name=re.compile("Svenska")))
        page.wait_for_url("**/artiklar/ror/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Rör blir pennställ")


def test_a_visitor_goes_from_a_lesson_idea_to_material_and_back(lists, sit_down):
    lessons = lists("Lektionsidéer")
    tubes = CategoryFactory(name="Papprör")
    lesson = LessonIdeaPage(title="Kulbanan", locale=lessons.locale)
    lesson.materials = [LessonMaterial(category=tubes, amount="10")]
    lessons.add_child(instance=lesson)
    lesson.save_revision().publish()
    ListingFactory(title="Hylsor från lagret", category=tubes)

    with sit_down() as (page, keys):
        page.goto(lesson.url)
        keys.press(page.get_by_role("link", name="Hylsor från lagret"))
        page.wait_for_url("**/material/**")
        expect(page.get_by_role("heading", level=1)).to_have_text("Hylsor från lagret")
        ideas = page.get_by_role("region", name="Vad kan vi göra med det?")
        keys.press(ideas.get_by_role("link", name="Kulbanan"))
        page.wait_for_url(f"**{lesson.url}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Kulbanan")
