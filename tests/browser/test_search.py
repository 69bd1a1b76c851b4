"""The search page, as a teacher uses it: with a thumb, with a keyboard, and without JavaScript."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from marketplace.wanted.models import WantedAd
from search.index.entries import refresh_all
from search.saved.models import SavedSearch
from search.statistics.models import SearchCount
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def places(portal):
    """Three municipalities in a row, some kilometres apart."""
    return {
        name: MunicipalityFactory(
            name=name,
            slug=name.lower(),
            latitude=Decimal("56.05"),
            longitude=Decimal(longitude),
        )
        for name, longitude in (("Helsingborg", "12.70"), ("Bjuv", "12.92"), ("Klippan", "13.13"))
    }


@pytest.fixture
def material(places):
    """Something of cardboard in each place, and cloth in one."""
    cardboard, cloth = (
        CategoryFactory(name="Papp", slug="papp"),
        CategoryFactory(name="Tyg", slug="tyg"),
    )
    for title, place, category in (
        ("Papprör från tryckeriet", "Helsingborg", cardboard),
        ("Papprör i korta bitar", "Bjuv", cardboard),
        ("Pappkartonger", "Klippan", cardboard),
        ("Linnetyg", "Bjuv", cloth),
    ):
        ListingFactory(
            title=title,
            description="Hämtas vid lastkajen.",
            category=category,
            organisation=CompanyFactory(
                municipality=places[place],
                # Beside the municipality's centre, which stands for a place that is not known.
                latitude=places[place].latitude + Decimal("0.001"),
                longitude=places[place].longitude,
            ),
        )
    refresh_all()


@pytest.fixture
def window(browser, live_server):
    """A function that opens the browser with a screen of some width, with or without scripts."""
    contexts = []

    def open_window(width=1280, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            locale="sv-SE",
            base_url=live_server.url,
            **options,
        )
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


def titles(page):
    return page.locator(".search__cards .card__title")


def field(page):
    return page.get_by_label("Vad letar du efter?")


def suggestions(page):
    return page.get_by_role("listbox", name="Förslag").get_by_role("option")


def find(page, words):
    field(page).fill(words)
    page.get_by_role("button", name="Sök", exact=True).click()
    expect(page.locator("#results-title")).to_contain_text(words)


def leave_a_mark(page):
    """What is gone as soon as the page is reloaded."""
    page.evaluate("window.stayed = true")


def has_stayed(page):
    return page.evaluate("window.stayed === true")


@pytest.mark.parametrize("width", [390, 1280])
def test_suggestions_are_used_with_the_keyboard_alone(material, window, width):
    page = window(width)
    page.goto("/sok/")
    field(page).press_sequentially("papprör")
    options = suggestions(page)
    expect(options).to_have_count(2)
    expect(field(page)).to_have_attribute("aria-expanded", "true")

    field(page).press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field(page).press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "false")
    field(page).press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field(page).press("Escape")
    expect(options).to_have_count(0)
    expect(field(page)).to_have_value("papprör")

    field(page).press("Backspace")
    expect(options).to_have_count(2)
    field(page).press("ArrowDown")
    chosen = options.first.locator("span").first.inner_text()
    expect(options.first).to_contain_text("Material")
    assert options.first.evaluate("option => getComputedStyle(option).outlineStyle") == "solid"
    page.emulate_media(forced_colors="active")
    colours = options.evaluate_all(
        "all => all.map((each) => getComputedStyle(each).backgroundColor)"
    )
    assert colours[0] != colours[1]
    field(page).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(chosen)


def test_enter_without_a_choice_searches_for_what_was_typed(material, window):
    page = window(390)
    page.goto("/sok/")
    leave_a_mark(page)
    field(page).press_sequentially("linnetyg")
    expect(suggestions(page).first).to_be_visible()
    field(page).press("Enter")

    expect(titles(page)).to_have_text(["Linnetyg"])
    expect(suggestions(page)).to_have_count(0)
    assert has_stayed(page)
    assert "q=linnetyg" in page.url
    expect(page).to_have_title(re.compile("^Sök: linnetyg – "))


@pytest.mark.parametrize("width", [390, 1280])
def test_a_filter_swaps_the_hits_is_in_the_address_and_back_restores(
    material, window, assert_accessible, width
):
    page = window(width)
    page.goto("/sok/?q=papp")
    leave_a_mark(page)
    expect(titles(page)).to_have_count(3)
    if width == 390:
        page.get_by_text("Filtrera").click()
    page.get_by_role("checkbox", name=re.compile("^Bjuv")).check()

    expect(titles(page)).to_have_text(["Papprör i korta bitar"])
    expect(page).to_have_url(re.compile(r"/sok/\?q=papp&kommun=bjuv$"))
    expect(page.get_by_role("checkbox", name=re.compile("^Klippan"))).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 träff")).to_be_attached()
    assert has_stayed(page)
    assert_accessible(page)

    page.get_by_role("checkbox", name=re.compile("^Klippan")).check()
    expect(titles(page)).to_have_count(2)

    page.go_back()
    expect(titles(page)).to_have_text(["Papprör i korta bitar"])
    expect(page).to_have_url(re.compile(r"kommun=bjuv$"))
    page.go_back()
    expect(titles(page)).to_have_count(3)
    expect(page.locator("#kommun-bjuv")).not_to_be_checked()
    page.go_forward()
    expect(titles(page)).to_have_text(["Papprör i korta bitar"])
    page.reload()
    expect(titles(page)).to_have_text(["Papprör i korta bitar"])


def focused(page):
    """The id of what has the focus, if it can be seen with a ring around it."""
    return page.evaluate(
        """() => {
          const { id } = document.activeElement;
          const { outlineStyle } = getComputedStyle(document.activeElement);
          return document.activeElement.checkVisibility() && outlineStyle !== "none" ? id : "";
        }"""
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_a_filter_keeps_the_focus_when_it_is_ticked(material, window, width):
    page = window(width)
    page.goto("/sok/?q=papp")
    if width == 390:
        page.locator("#filters > summary").click()
    for place, hits in (("bjuv", 1), ("klippan", 2)):
        page.locator(f"#kommun-{place}").focus()
        page.keyboard.press("Space")
        expect(titles(page)).to_have_count(hits)
        expect(page.locator(".htmx-settling")).to_have_count(0)

        assert focused(page) == f"kommun-{place}"
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "kommun-helsingborg"


def test_an_age_is_chosen_with_the_arrow_keys_alone(material, window):
    page = window(1280)
    page.goto("/sok/?q=papp")
    page.locator("#facet-fran > summary").click()
    page.locator("#fran-0").focus()
    values = page.locator("input[name=fran]").evaluate_all("all => all.map((each) => each.value)")

    for value in values[1:3]:
        page.keyboard.press("ArrowDown")
        expect(page).to_have_url(re.compile(f"fran={value}$"))
        expect(page.locator(".htmx-settling")).to_have_count(0)
        assert focused(page) == f"fran-{value}"


def test_a_filter_that_is_taken_away_leaves_the_focus_at_the_hits(material, window):
    page = window(1280)
    page.goto("/sok/?q=papp&kommun=bjuv")
    page.get_by_role("link", name="Ta bort filtret Bjuv").focus()
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_count(3)
    expect(page.locator(".htmx-settling")).to_have_count(0)

    assert focused(page) == "results-title"


def test_the_hits_are_printed_without_the_filters(material, window):
    page = window(1280)
    page.goto("/sok/?q=papp")
    expect(page.locator("#filters")).to_be_visible()
    page.emulate_media(media="print")

    expect(titles(page).first).to_be_visible()
    expect(page.locator("#filters")).not_to_be_visible()


def test_back_twice_faster_than_the_scripts_come_shows_what_the_address_says(material, window):
    page = window(1280, service_workers="block")
    page.goto("/sok/?q=papp")
    page.get_by_role("checkbox", name=re.compile("^Bjuv")).check()
    expect(titles(page)).to_have_count(1)
    page.get_by_role("checkbox", name=re.compile("^Klippan")).check()
    expect(titles(page)).to_have_count(2)

    waiting = []
    page.route("**/htmx.min*.js", lambda route: waiting.append(route))
    page.evaluate("history.back()")
    expect(titles(page)).to_have_count(1)
    page.evaluate("history.back()")
    expect(page).to_have_url(re.compile(r"\?q=papp$"))
    for script in waiting:
        script.continue_()
    page.unroute("**/htmx.min*.js")

    expect(titles(page)).to_have_count(3)


def test_a_chosen_filter_is_taken_away_where_it_is_shown(material, window):
    page = window(390)
    page.goto("/sok/?q=papp&kommun=bjuv")

    page.get_by_role("link", name="Ta bort filtret Bjuv").click()

    expect(titles(page)).to_have_count(3)
    expect(page).to_have_url(re.compile(r"\?q=papp$"))


def test_everything_works_without_javascript(material, window):
    page = window(390, java_script_enabled=False)
    page.goto("/sok/")
    field(page).fill("papp")
    page.get_by_role("button", name="Sök", exact=True).click()
    expect(titles(page)).to_have_count(3)

    page.locator("#filters > summary").click()
    page.locator("#kommun-bjuv").check()
    page.locator("#kommun-klippan").check()
    page.get_by_role("button", name=re.compile("^Visa 3 träffar")).click()
    expect(titles(page)).to_have_count(2)
    assert "kommun=bjuv" in page.url

    page.get_by_label("Avstånd från").select_option("Klippan")
    page.get_by_role("button", name="Visa", exact=True).click()
    page.get_by_label("Ordning").select_option("Närmast")
    page.get_by_role("button", name="Visa", exact=True).click()
    expect(titles(page)).to_have_text(["Pappkartonger", "Papprör i korta bitar"])

    page.locator("#map > summary").click()
    page.locator("#map-list > summary").click()
    page.locator("#map-list").get_by_role("link", name="Helsingborg").click()
    expect(titles(page)).to_have_text(["Papprör från tryckeriet"])


@pytest.mark.parametrize("width", [390, 1280])
def test_the_nearest_comes_first_with_its_distance(material, window, width):
    page = window(width)
    page.goto("/sok/?q=papp")
    page.get_by_label("Avstånd från").select_option("Klippan")
    expect(page.locator(".search__cards")).to_contain_text("km")

    page.get_by_label("Ordning").select_option("Närmast")

    expect(page).to_have_url(re.compile("nara=klippan&sort=narmast$"))
    expect(titles(page)).to_have_text(
        ["Pappkartonger", "Papprör i korta bitar", "Papprör från tryckeriet"]
    )
    expect(page.locator(".search__cards > li").last).to_contain_text(re.compile(r"2\d km"))


# Somebody quick, or a slow phone: the order is chosen as soon as the results are there.
CHOOSE_AT_ONCE = """
addEventListener("htmx:afterSwap", () => queueMicrotask(() => {
  const order = document.querySelector("select[name=sort]");
  order.value = "narmast";
  order.dispatchEvent(new Event("change", { bubbles: true }));
}), { once: true });
"""


def test_what_is_chosen_as_soon_as_the_results_are_there_counts(material, window):
    page = window(1280)
    page.goto("/sok/?q=papp")
    page.evaluate(CHOOSE_AT_ONCE)

    page.get_by_label("Avstånd från").select_option("Klippan")

    expect(page).to_have_url(re.compile("nara=klippan&sort=narmast$"))
    expect(titles(page).first).to_have_text("Pappkartonger")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_beside_the_map_says_and_does_the_same(material, window, assert_accessible, width):
    page = window(width)
    page.goto("/sok/?q=papp")
    if width == 390:
        page.locator("#map > summary").click()
    page.locator("#map-list > summary").click()
    circles = page.locator("svg.map a")
    labels = [circle.get_attribute("aria-label") for circle in circles.all()]
    rows = [" ".join(row.inner_text().split()) for row in page.locator("#map-list li").all()]

    assert sorted(label.replace(": ", " ") for label in labels) == sorted(rows)
    assert_accessible(page)

    leave_a_mark(page)
    page.locator("#map-list").get_by_role("link", name="Bjuv").click()
    expect(titles(page)).to_have_text(["Papprör i korta bitar"])
    expect(page).to_have_url(re.compile("kommun=bjuv"))
    assert has_stayed(page)


def test_who_finds_nothing_is_helped_on(material, window, sign_in_browser, assert_accessible):
    teacher = MembershipFactory(organisation=SchoolFactory()).user
    page = window(390)
    sign_in_browser(page, teacher)
    page.goto("/sok/?q=linnetyg&kommun=klippan")
    expect(page.get_by_text("Inget hittades den här gången")).to_be_visible()
    assert_accessible(page)

    neighbours = page.get_by_role("link", name=re.compile("^Bjuv"))
    neighbours.click()
    expect(titles(page)).to_have_text(["Linnetyg"])
    page.go_back()
    page.get_by_role("link", name=re.compile("Utan")).click()
    expect(titles(page)).to_have_text(["Linnetyg"])

    page.goto("/sok/?q=zebrasadel")
    page.get_by_role("link", name=re.compile("efterlysning")).last.click()
    wanted = page.get_by_label("Vad letar du efter?")
    expect(wanted).to_have_value("zebrasadel")
    page.get_by_label("Kategori").select_option("Tyg")
    page.get_by_label("Vad behöver ni det till?").fill("Till teatern.")
    page.get_by_role("button", name=re.compile("granskning")).click()
    expect(page).to_have_url(re.compile("/mitt/"))
    assert WantedAd.objects.get().title == "zebrasadel"


def test_a_fruitless_search_is_saved_with_an_alert(material, window, sign_in_browser):
    teacher = MembershipFactory(organisation=SchoolFactory()).user
    page = window(390)
    sign_in_browser(page, teacher)
    page.goto("/sok/")
    find(page, "zebrasadel")

    page.get_by_role("button", name="Bevaka sökningen").click()

    expect(page.get_by_role("link", name="zebrasadel")).to_be_visible()
    page.get_by_label("Mejl om nyheter").select_option("En gång i veckan")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("Ditt val är sparat")).to_be_visible()
    saved = SavedSearch.objects.get()
    assert (saved.user, saved.frequency, saved.query_string) == (teacher, "weekly", "q=zebrasadel")


def test_a_visitor_who_wants_to_save_comes_back_after_signing_in(material, window):
    page = window(390)
    page.goto("/sok/?q=papp&kommun=bjuv")

    page.get_by_role("link", name="Logga in för att bevaka").click()

    expect(page).to_have_url(re.compile(r"/konto/login/\?next=/sok/%3Fq%3Dpapp%26kommun%3Dbjuv$"))


def test_a_search_and_the_place_of_what_was_opened_are_counted(material, window):
    page = window(390)
    page.goto("/sok/")
    find(page, "tyg")
    with page.expect_response("**/sok/klick/"):
        titles(page).first.get_by_role("link").click()

    count = SearchCount.objects.get()
    assert (count.text, count.searches, count.clicks, count.click_positions) == ("tyg", 1, 1, 1)
