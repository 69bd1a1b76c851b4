"""Links and buttons that do different things have different names, on every kind of page.

Somebody who lists the links of a page hears their names alone, without what stands around them.
"""

import pytest

from tests.browser.addresses import VIEWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PHONE = {"width": 390, "height": 844}
PAGES = [name for name, view in VIEWS.items() if view.act is None]
# [name, what it does] of everything in the main part that can be pressed.
NAMES = """() => {
  const text = (each) => each.nodeType === Node.TEXT_NODE ? each.data
    : each.matches?.("[aria-hidden=true]") ? ""
    : each.matches?.("img") ? ` ${each.alt} `
    : [...each.childNodes].map(text).join("");
  const named = (each) => {
    const ids = each.getAttribute("aria-labelledby");
    if (ids) return ids.split(" ").map((id) => text(document.getElementById(id))).join(" ");
    return each.ariaLabel ?? text(each);
  };
  return [...document.querySelectorAll("main a[href], main button")]
    .filter((each) => each.checkVisibility())
    .map((each) => [
      named(each).replace(/\\s+/g, " ").trim(),
      each.matches("a") ? each.href
        : [each.form?.action, each.name, each.value, each.getAttribute("commandfor")].join(" "),
    ]);
}"""


def named_alike(page):
    """{name: what it does} of links and buttons of one name that do different things."""
    found = {}
    for name, does in page.evaluate(NAMES):
        found.setdefault(name, set()).add(does)
    return {name: sorted(does) for name, does in found.items() if len(does) > 1}


@pytest.mark.parametrize("name", PAGES)
def test_what_can_be_pressed_is_told_apart_by_its_name(windows, name):
    view = VIEWS[name]
    page = windows[view.by]
    page.set_viewport_size(PHONE)
    page.goto(view.path("sv"))

    assert named_alike(page) == {}


def test_two_links_of_one_name_would_be_found(browser):
    page = browser.new_page()
    page.set_content(
        "<main><a href='/1'>Visa</a><a href='/2'>Visa</a>"
        "<a href='/3'>Visa<span class='visually-hidden'>: Papprör</span></a></main>"
    )

    assert list(named_alike(page)) == ["Visa"]
