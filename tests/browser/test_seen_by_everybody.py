"""What automatic checks do not see: wide spacing, own colours, and things that sound alike."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from marketplace.exchange.reservations.services import cancel_reservation, post_message
from marketplace.models import WantedAd
from search.index.entries import refresh_all
from tests.factories import (
    CategoryFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, NARROW = {"width": 390, "height": 844}, {"width": 320, "height": 640}
TABLET = {"width": 768, "height": 1024}
LONG = "Aluminiumfolie från transportlådor"
# The spacing that a page has to bear (WCAG 1.4.12).
SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }
"""
# The policy of the site lets no style element in.
ADD_SPACING = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
CUT = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility() && !each.matches("svg, svg *, img"))
  // What is there for screen readers only is one pixel large.
  .filter((each) => each.clientWidth > 1)
  .filter((each) => /hidden|clip/.test(getComputedStyle(each).overflow))
  .filter((each) => each.textContent.trim()
    && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1))
  .map((each) => `${each.className}: ${each.textContent.trim().slice(0, 60)}`)"""
# What lies beside something else may not lie over it. The name's box may be wider than its text.
OVERLAPPING = """() => {
  const words = document.createRange();
  words.selectNodeContents(document.querySelector(".site-header__name"));
  const others = [...document.querySelectorAll(".site-header__end > *")]
    .filter((each) => each.checkVisibility())
    .map((each) => each.getBoundingClientRect());
  return [...words.getClientRects()].some((name) => others.some((other) =>
    name.right > other.left && name.left < other.right
    && name.bottom > other.top && name.top < other.bottom));
}"""
CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll("input[placeholder]")]
    .map((field) => {
      const { color, opacity } = getComputedStyle(field, "::placeholder");
      const pair = [light(color), light(getComputedStyle(field).backgroundColor)];
      const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
      return [field.id, opacity === "1" ? ratio : 0];
    });
}"""
# Where somebody is, by a line of its own: backgrounds and shadows are gone in forced colours.
MARKED = """() => [...document.querySelectorAll("a[aria-current]")]
  .filter((each) => each.checkVisibility())
  .map((each) => {
    const style = getComputedStyle(each);
    const line = ["borderTop", "borderBottom", "outline"].some((name) =>
      style[`${name}Style`] !== "none" && parseFloat(style[`${name}Width`]) >= 2);
    return [each.textContent.trim(), line || style.textDecorationLine === "underline"];
  })"""
NAMES = """part => [...document.querySelectorAll(part)]
  .filter((each) => each.checkVisibility())
  .map((each) => [
    (each.ariaLabel ?? each.textContent).replace(/\\s+/g, " ").trim(),
    each.href ?? `${each.form?.action} ${each.name} ${each.value}`,
  ])"""
UNMARKED = """() => {
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    if (texts.currentNode.data.includes("å") && around.checkVisibility()
        && around.closest("[lang]").lang === "en") found.push(texts.currentNode.data.trim());
  }
  return found;
}"""


@pytest.fixture
def window(portal, browser, live_server):
    """A function that opens a page of the portal with a screen, colours and a language."""
    contexts = []

    def open_window(size=PHONE, **options):
        context = browser.new_context(
            viewport=size,
            base_url=live_server.url,
            locale="sv-SE",
            reduced_motion="reduce",
            service_workers="block",
            **options,
        )
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def listing(portal):
    category = CategoryFactory(name="Förpackningsmaterial")
    text = "Hela ark och rullar som har blivit över. " * 5
    return ListingFactory(title=LONG, description=text, category=category)


@pytest.fixture
def giver(listing):
    """Somebody of a company that two schools have asked for the same thing."""
    for name in ("Almskolan", "Bokskolan"):
        ReservationFactory(listing=listing, organisation=SchoolFactory(name=name))
    return MembershipFactory(organisation=listing.organisation).user


def the_same_name_for_two_things(page, part):
    """{name: where it leads} of links or buttons that sound alike and do different things."""
    found = {}
    for name, where in page.evaluate(NAMES, part):
        found.setdefault(name, set()).add(where)
    return {name: sorted(where) for name, where in found.items() if len(where) > 1}


@pytest.mark.parametrize("address", ["/", "/sok/?q=ark", "/material/", "/efterlysningar/"])
def test_wide_spacing_cuts_nothing_and_lays_nothing_over_the_name(window, listing, address):
    WantedAd.objects.create(
        organisation=SchoolFactory(name="Almskolan"),
        title=f"{LONG} sökes",
        description=listing.description,
        category=listing.category,
        quantity=120,
        unit="st",
        live=True,
        first_published_at=timezone.now(),
    )
    refresh_all()
    page = window(NARROW)
    page.goto(address)
    expect(page.locator(".site-header__name")).to_be_visible()
    page.evaluate(ADD_SPACING, SPACING)

    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert not page.evaluate(OVERLAPPING)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_what_stands_in_an_empty_field_can_be_read(window, colours):
    page = window({"width": 1280, "height": 900}, color_scheme=colours)
    page.goto("/sok/")

    fields = dict(page.evaluate(CONTRAST))

    assert {"header-q", "q"} <= set(fields)
    assert {field: ratio for field, ratio in fields.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("size", [NARROW, TABLET], ids=["magnified", "tablet"])
def test_the_whole_menu_of_my_page_is_seen_without_pulling(window, sign_in_browser, giver, size):
    page = window(size)
    sign_in_browser(page, giver)
    page.goto("/mitt/")
    menu = page.get_by_role("navigation", name="Min sida")

    links = menu.get_by_role("link")
    assert links.count() > 7
    for link in links.all():
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]
    # What is cut off would take the ring of the focus with it.
    assert menu.evaluate("nav => getComputedStyle(nav).overflow") == "visible"


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desk"])
@pytest.mark.parametrize("address", ["/mitt/", "/material/", "/effekt/"])
def test_forced_colours_leave_a_line_at_where_one_is(window, sign_in_browser, giver, address, size):
    page = window(size, forced_colors="active")
    sign_in_browser(page, giver)
    page.goto(address)

    marked = page.evaluate(MARKED)

    assert [text for text, seen in marked if not seen] == []
    if address == "/mitt/":
        assert marked


def test_the_chosen_suggestion_is_seen_in_forced_colours(window, listing):
    refresh_all()
    page = window(forced_colors="active")
    page.goto("/sok/")
    page.locator("#q").press_sequentially("alu")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")

    chosen = page.locator("[role=option][aria-selected=true]")

    style = chosen.evaluate("each => [getComputedStyle(each).outlineStyle, each.textContent]")
    assert style[0] == "solid"
    assert "Material" in style[1]


def test_the_title_says_what_was_searched_for_in_place(window, listing):
    refresh_all()
    page = window()
    page.goto("/sok/")
    page.evaluate("window.stayed = true")
    page.get_by_label("Vad letar du efter?").fill("folie")
    page.keyboard.press("Enter")

    expect(page).to_have_title(re.compile("folie"))
    assert page.evaluate("window.stayed")


def test_on_an_english_page_what_people_write_sounds_swedish(
    window, sign_in_browser, giver, listing
):
    reservation, cancelled = listing.reservations.order_by("pk")
    cancel_reservation(reservation=cancelled, by=None)
    post_message(reservation=reservation, by=giver, text="Vi är på plats från åtta.")
    teacher = MembershipFactory(organisation=reservation.organisation).user
    page = window()
    sign_in_browser(page, giver)
    page.goto("/en/mitt/inkorg/")
    expect(page.get_by_role("link", name=f"Cancelled: {LONG}")).to_be_visible()
    for user in (giver, teacher):
        sign_in_browser(page, user)
        for address in (
            "/en/mitt/",
            "/en/mitt/inkorg/",
            f"/en/mitt/bokningar/{reservation.pk}/",
            f"/en{listing.get_absolute_url()}",
            f"/en/material/{listing.pk}/boka/",
        ):
            page.goto(address)

            assert (address, page.evaluate(UNMARKED)) == (address, [])


def test_links_and_buttons_of_my_page_are_told_apart_by_ear(window, sign_in_browser, giver):
    page = window()
    sign_in_browser(page, giver)
    for address in ("/mitt/", "/mitt/inkorg/", "/mitt/organisation/", "/mitt/etiketter/"):
        page.goto(address)

        for part in ("nav a[href], .thumb-nav a[href]", "main a[href]", "main button"):
            assert (address, the_same_name_for_two_things(page, part)) == (address, {})


def test_fields_about_somebody_say_what_they_are_for(window, sign_in_browser, giver):
    page = window()
    sign_in_browser(page, giver)
    page.goto("/material/erbjud/")
    wanted = {
        "contact_name": "name",
        "contact_email": "email",
        "contact_phone": "tel",
        "pickup_postcode": "postal-code",
        "pickup_town": "address-level2",
    }

    fields = {name: page.locator(f"main [name={name}]") for name in wanted}

    assert {name: field.get_attribute("autocomplete") for name, field in fields.items()} == wanted
    assert fields["pickup_postcode"].get_attribute("inputmode") == "numeric"


@pytest.mark.parametrize("act", ["meddelande", "neka", "lova"])
def test_a_small_form_sent_empty_has_the_focus_at_what_is_wrong(
    window, sign_in_browser, giver, listing, act
):
    page = window()
    sign_in_browser(page, giver)
    page.goto(listing.reservations.first().get_absolute_url())
    form = page.locator(f"form[action$='/{act}/']")
    form.evaluate(
        """form => {
          for (const field of form.querySelectorAll("textarea, input:not([type=hidden])"))
            field.value = "";
          HTMLFormElement.prototype.submit.call(form);
        }"""
    )

    summary = page.get_by_role("alert").filter(has=page.get_by_role("link"))
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Fel: "))
