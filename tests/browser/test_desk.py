"""A coordinator's desk with the keyboard alone, from an installation in which there is nobody."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation
from wagtail_localize.operations import translate_object

from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import record_handover
from marketplace.models import MunicipalityGoal, RoleAssignment
from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Organisation
from tests.browser.keyboard import Keyboard
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = pytest.mark.parametrize("width", [1280, 820])


@pytest.fixture
def desk(portal, browser, live_server, settings):
    """A function that opens a window of some width for one person at a keyboard."""
    settings.ADMIN_REQUIRES_MFA = False
    opened = []

    def open_window(width, color_scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="sv-SE",
            base_url=live_server.url,
            reduced_motion="reduce",
            color_scheme=color_scheme,
            service_workers="block",
        )
        opened.append(context)
        return Keyboard(context.new_page())

    yield open_window
    for context in opened:
        context.close()


def sign_in_by_code(keys, email, path):
    page = keys.page
    page.goto(path)
    keys.write(page.get_by_label("E-postadress").first, email)
    keys.press(page.get_by_role("button", name="Skicka en kod"))
    page.get_by_label("Kod").wait_for()
    code = re.search(r"^([A-Z0-9-]{6,9})$", mail.outbox[-1].body, re.M).group(1)
    keys.write(page.get_by_label("Kod"), code)
    expect(page).to_have_url(re.compile(f"{path}$"))


def invite_coordinator(keys, email):
    page = keys.page
    page.goto("/admin/personer/")
    keys.write(page.get_by_label("E-postadress"), email)
    keys.choose(page.get_by_label("Samordnare"))
    keys.tick(page.get_by_label("Klippan", exact=True))
    keys.press(page.get_by_role("button", name="Ge rollen"))
    expect(page.get_by_text(f"{email} har rollen Samordnare")).to_be_visible()


def as_excel_opens_it(path):
    """The rows as Excel in Swedish reads a CSV file: semicolons, and UTF-8 by its mark."""
    with open(path, "rb") as file:
        content = file.read()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content[3:].decode()), delimiter=";"))


@WIDTHS
def test_a_coordinators_everyday_from_an_empty_installation(
    desk, django_user_model, assert_accessible, width
):
    call_command("load_reference_data", verbosity=0)
    django_user_model.objects.create_superuser("first@example.org")
    administrator, coordinator = desk(width), desk(width)
    sign_in_by_code(administrator, "first@example.org", "/admin/")
    invite_coordinator(administrator, "sam@example.org")
    assert_accessible(administrator.page)
    assert "/admin/" in mail.outbox[-1].body

    sign_in_by_code(coordinator, "sam@example.org", "/admin/")
    invite_coordinator(coordinator, "kollega@example.org")
    assert RoleAssignment.objects.filter(municipalities__name="Klippan").count() == 2

    place = Municipality.objects.get(name="Klippan")
    handover = things_that_wait(place)
    approve_with_one_key(coordinator)
    merge_two(coordinator, assert_accessible)
    correct_handover(coordinator, handover, assert_accessible)
    set_goal(coordinator, place)
    export_organisations(coordinator)


def things_that_wait(place):
    """What visitors have done meanwhile: a company to approve, a school twice, a handover."""
    CompanyFactory(
        name="Åkerbo Ångsnickeri AB",
        municipality=place,
        approval=Organisation.Approval.PENDING,
    )
    giver = CompanyFactory(name="Lådfabriken AB", municipality=place)
    school = SchoolFactory(name="Ådalsskolan", municipality=place)
    SchoolFactory(name="Ådalens skola", municipality=place)
    return record_handover(
        listing=ListingFactory(organisation=giver, title="Lådor"),
        receiver=school,
        facts=HandoverFacts(
            quantity=4, mass_kg=Decimal(40), would_have_bought="yes", on=timezone.localdate()
        ),
    )


def approve_with_one_key(keys):
    page = keys.page
    page.goto("/admin/ko/")
    expect(page.locator("[data-queue-row]:focus")).to_contain_text("Åkerbo Ångsnickeri AB")
    page.keyboard.press("g")
    expect(page.get_by_text("Inget väntar här")).to_be_visible()
    approved = Organisation.objects.get(name="Åkerbo Ångsnickeri AB")
    assert approved.approval == Organisation.Approval.APPROVED


def merge_two(keys, assert_accessible):
    page = keys.page
    gone = Organisation.objects.get(name="Ådalens skola")
    page.goto("/admin/snippets/marketplace/organisation/")
    keys.press(page.get_by_role("link", name="Ådalens skola").first)
    keys.press(page.get_by_role("link", name="Slå ihop med en annan"))
    window = keys.open_window(page.get_by_role("button", name="Välj organisation"))
    keys.press(window.get_by_role("link", name="Ådalsskolan"))
    expect(window).to_have_count(0)
    keys.press(page.get_by_role("button", name="Visa vad som händer"))
    keys.press(page.get_by_role("button", name="Slå ihop Ådalens skola"))
    expect(page.get_by_text("Ådalens skola ingår nu i Ådalsskolan.")).to_be_visible()
    assert_accessible(page)
    gone.refresh_from_db()
    assert gone.merged_into.name == "Ådalsskolan"


def correct_handover(keys, handover, assert_accessible):
    page = keys.page
    page.goto("/admin/marketplace/handover/")
    keys.press(page.get_by_role("link", name="Rätta").first)
    keys.write(page.get_by_label("Rätt antal"), "3")
    keys.write(page.get_by_label("Rätt vikt i kg"), "28,5")
    keys.write(page.get_by_label("Orsak"), "En låda stod kvar")
    assert_accessible(page)
    keys.press(page.get_by_role("button", name="Rätta"))
    expect(page.get_by_text("Rättat").first).to_be_visible()
    assert Handover.objects.get(replaces=handover).mass_kg == Decimal("28.5")


def set_goal(keys, place):
    page = keys.page
    year = timezone.localdate().year
    page.goto(f"/admin/snippets/marketplace/municipality/edit/{place.pk}/")
    keys.press(page.get_by_role("button", name="Lägg till Mål"))
    keys.write(page.locator("#id_goals-0-year"), str(year))
    keys.write(page.locator("#id_goals-0-kg"), "5000")
    keys.press(page.get_by_role("button", name="Spara").first)
    expect(page.get_by_text("uppdaterad").first).to_be_visible()
    assert MunicipalityGoal.objects.get(municipality=place, year=year).kg == 5000


def export_organisations(keys):
    page = keys.page
    page.goto("/admin/marketplace/handover/")
    files = page.locator(".w-dropdown-button").filter(has=page.locator("a[href*='export=xlsx']"))
    keys.press(files.locator("[data-w-dropdown-target='toggle']"))
    with page.expect_download() as download:
        keys.press(page.locator("a[href$='export=csv']"))
    rows = as_excel_opens_it(download.value.path())
    assert "Vikt i kg" in rows[0]
    column = rows[0].index("Vikt i kg")
    assert "28,500" in [row[column] for row in rows[1:] if len(row) > column]
    assert "Lådfabriken AB" in rows[1]


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_queue_can_be_read_in_the_light_and_in_the_dark(
    desk, sign_in_browser, assert_accessible, color_scheme
):
    for number in range(2):
        CompanyFactory(name=f"Verkstad {number}", approval=Organisation.Approval.PENDING)
    page = desk(1280, color_scheme).page
    sign_in_browser(page, SuperuserFactory())

    page.goto("/admin/ko/")
    expect(page.get_by_role("heading", name="Verkstad 1")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Verkstad 1").first.click()
    expect(page.get_by_role("button", name="Be om ändringar").first).to_be_visible()
    assert_accessible(page)


@WIDTHS
def test_a_translators_work_goes_live(desk, sign_in_browser, assert_accessible, width):
    article = article_to_translate()
    english = ArticlePage.objects.get(
        translation_key=article.translation_key, locale__language_code="en"
    )
    translator, editor = desk(width), desk(width)
    sign_in_browser(translator.page, give(UserFactory(), "translator"))
    sign_in_browser(editor.page, give(UserFactory(), "editor"))

    translator.page.goto("/admin/oversattningar/")
    assert_accessible(translator.page)
    translator.press(translator.page.get_by_role("button", name="Skicka för granskning"))
    expect(translator.page.get_by_text("är skickad för granskning")).to_be_visible()
    editor.page.goto("/admin/ko/")
    expect(editor.page.locator("[data-queue-row]:focus")).to_contain_text("EN: Rören")
    editor.page.keyboard.press("g")
    expect(editor.page.get_by_text("Inget väntar här")).to_be_visible()

    editor.page.goto(english.get_url())
    expect(editor.page.get_by_role("heading", level=1)).to_have_text("EN: Rören")


@WIDTHS
def test_a_listings_translation_goes_live(desk, sign_in_browser, assert_accessible, width):
    listing = ListingFactory(title="Papprör", description="Trettio hela rör.")
    call_command("setup_portal", verbosity=0)
    translator, editor = desk(width), desk(width)
    sign_in_browser(translator.page, give(UserFactory(), "translator"))
    sign_in_browser(editor.page, give(UserFactory(), "editor"))

    page = translator.page
    page.goto("/admin/oversattningar/")
    translator.press(page.get_by_role("link", name="Översätt en annons"))
    expect(page.get_by_role("heading", name="Påbörja en översättning")).to_be_visible()
    assert_accessible(page)
    translator.press(page.get_by_role("button", name="Översätt till engelska"))
    expect(page.get_by_text("Trettio hela rör.")).to_be_visible()
    assert_accessible(page)
    translator.write(page.get_by_role("textbox", name="Rubrik"), "Cardboard tubes")
    translator.write(page.get_by_role("textbox", name="Text"), "Thirty whole tubes.")
    translator.press(page.get_by_role("button", name="Skicka för granskning"))
    expect(page.get_by_text("är inlämnad för granskning").first).to_be_visible()
    page.goto("/admin/oversattningar/?lage=granskas")
    expect(page.get_by_role("link", name="Papprör")).to_be_visible()
    assert_accessible(page)

    editor.page.goto("/admin/ko/")
    expect(editor.page.locator("[data-queue-row]:focus")).to_contain_text("Cardboard tubes")
    editor.press(editor.page.get_by_role("link", name="Cardboard tubes").first)
    expect(editor.page.get_by_text("Trettio hela rör.")).to_be_visible()
    assert_accessible(editor.page)
    editor.page.keyboard.press("g")
    expect(editor.page.get_by_text("Inget väntar här")).to_be_visible()

    editor.page.goto(f"/en{listing.get_absolute_url()}")
    expect(editor.page.get_by_role("heading", level=1)).to_have_text("Cardboard tubes")
    assert_accessible(editor.page)


def article_to_translate():
    """A Swedish article of which every text has been translated."""
    home = HomePage.objects.get()
    index = home.add_child(instance=InspirationIndexPage(title="Artiklar", locale=home.locale))
    article = index.add_child(
        instance=ArticlePage(title="Rören", summary="Trettio rör.", locale=home.locale)
    )
    for page in (index, article):
        page.save_revision().publish()
    english = Locale.objects.get(language_code="en")
    for above in (home, index):
        above.copy_for_translation(english).save_revision().publish()
    translate_object(article, [english])
    translation = Translation.objects.get(source__object_id=article.translation_key)
    for segment in translation.source.stringsegment_set.all():
        StringTranslation.objects.create(
            translation_of=segment.string,
            context=segment.context,
            locale=english,
            data=f"EN: {segment.string.data}",
        )
    return article
