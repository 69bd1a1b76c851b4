"""Nobody is shut out: every kind of page, in both languages, on a phone and a desk."""

import io

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from pypdf import PdfReader

from tests.browser.addresses import NOBODY, VIEWS, unfold

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# The narrowest that a page must fit without scrolling sideways: 1280 px magnified four times.
NARROW = {"width": 320, "height": 640}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "rules": {"heading-order": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


def violations(page, options):
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{each['id']}: {node['html'][:250]} {node['failureSummary'][:300]}"
        for each in found
        for node in each["nodes"][:3]
    ]


def overflow(page):
    """What reaches beyond the right edge, if the page then scrolls sideways."""
    return page.evaluate(
        """() => {
          const root = document.documentElement;
          if (root.scrollWidth <= innerWidth) return [];
          return [...document.querySelectorAll("body *")]
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
            .slice(0, 3)
            .map((each) => `${root.scrollWidth} px wide: ${each.outerHTML.slice(0, 150)}`);
        }"""
    )


def faults(page, *, words_only=False):
    """What is wrong with the opened page at each width and in each colour scheme, by which.

    With `words_only` on a phone in light colours: what another language can break.
    """
    # Only colours differ between the schemes, so the other rules are asked once per width.
    page.evaluate(AXE_SCRIPT)
    unfold(page)
    # What lies under a bar is reached by scrolling; axe would say that it cannot be pressed.
    page.evaluate(
        """() => document
          .querySelectorAll(".thumb-nav, [data-step-actions], [data-last-actions]")
          .forEach((bar) => bar.style.setProperty("position", "static"))"""
    )
    found = {}
    windows = {"phone": PHONE} if words_only else {"phone": PHONE, "desk": DESK}
    for name, size in windows.items():
        page.set_viewport_size(size)
        found[name] = violations(page, RULES)
    if not words_only:
        page.emulate_media(color_scheme="dark")
        found["dark"] = violations(page, COLOURS)
        page.emulate_media(color_scheme="light")
    for size in (PHONE, NARROW):
        page.set_viewport_size(size)
        found[f"{size['width']} px"] = overflow(page)
    return {where: what for where, what in found.items() if what}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", VIEWS)
def test_a_page_shuts_nobody_out(windows, name, language):
    view = VIEWS[name]
    page = windows[view.by]
    page.set_viewport_size(PHONE)
    answer = page.goto(view.path(language))
    if view.act:
        view.act(page)

    assert (answer.status, faults(page, words_only=language == "en")) == (view.status, {})


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_printed_lesson_shuts_nobody_out(windows, language):
    page = windows[NOBODY]
    page.goto(VIEWS["lesson"].path(language))
    page.emulate_media(media="print")

    assert faults(page) == {}


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_the_page_of_a_pause_shuts_nobody_out(windows, settings, path):
    settings.MAINTENANCE = True
    page = windows[NOBODY]
    answer = page.goto(path)

    assert (answer.status, faults(page)) == (503, {})


def test_the_style_guide_shuts_nobody_out(windows):
    page = windows[NOBODY]
    page.goto("/stilguide/")

    assert faults(page) == {}


@pytest.mark.parametrize("by", ["", "foretag"])
def test_the_head_of_the_page_fits_every_window(windows, by):
    page = windows[by]
    page.goto("/effekt/")
    found = {}
    for width in range(640, 1400, 40):
        page.set_viewport_size({"width": width, "height": 700})
        found[width] = overflow(page)

    assert {width: what for width, what in found.items() if what} == {}


@pytest.mark.parametrize("address", ["/effekt/", "/en/effekt/"])
def test_the_tables_of_figures_fit_a_phone(windows, address):
    page = windows[""]
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)

    tables = page.locator(".table-scroll").evaluate_all(
        "each => each.map((table) => table.scrollWidth - table.clientWidth)"
    )

    assert tables
    assert set(tables) == {0}


def test_amounts_of_purchases_are_shown_in_whole_on_a_phone(windows):
    page = windows["skola"]
    page.set_viewport_size(PHONE)
    page.goto("/mitt/inkop/")
    amount = page.get_by_role("row").nth(1).get_by_role("textbox").first
    amount.fill("1234,5")

    assert amount.evaluate("input => input.scrollWidth - input.clientWidth") == 0


def test_printed_figures_tell_each_sum_once_and_keep_headings_with_their_tables(windows):
    page = windows[NOBODY]
    page.goto("/effekt/")

    printed = PdfReader(io.BytesIO(page.pdf())).pages
    sheets = [" ".join(sheet.extract_text().split()) for sheet in printed]

    assert sum(sheet.count("Alla kommuner") for sheet in sheets) == 1
    (with_heading,) = [sheet for sheet in sheets if "Utveckling över tid" in sheet]
    assert "Kilo material som har hämtats" in with_heading


@pytest.mark.parametrize("width", [320, 390, 700, 1024, 1280])
def test_an_address_of_mail_has_room_in_the_foot(windows, width):
    page = windows[NOBODY]
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/effekt/")

    assert page.locator("#footer-newsletter").bounding_box()["width"] > 170
