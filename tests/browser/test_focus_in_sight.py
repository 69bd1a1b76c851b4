"""What has the focus can be seen, also on a phone and on a screen that is magnified four times."""

import pytest
from playwright.sync_api import expect

from search.index.entries import refresh_all
from tests.factories import ListingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, MAGNIFIED = {"width": 390, "height": 844}, {"width": 320, "height": 256}
COVERED = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return "";
  const box = (focused.closest("label") ?? focused).getBoundingClientRect();
  if (box.bottom <= 0 || box.top >= innerHeight) return focused.outerHTML.slice(0, 120);
  const points = [0.1, 0.5, 0.9].map((part) => [
    box.left + box.width / 2,
    Math.min(Math.max(box.top, 0) + Math.min(box.height, innerHeight) * part, innerHeight - 1),
  ]);
  const seen = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    const around = top?.closest("label") ?? top;
    return around?.contains(focused) || focused.contains(top);
  });
  return seen ? "" : focused.outerHTML.slice(0, 120);
}"""


@pytest.fixture
def page(portal, browser, live_server):
    context = browser.new_context(
        base_url=live_server.url, locale="sv-SE", reduced_motion="reduce", service_workers="block"
    )
    yield context.new_page()
    context.close()


def covered(page, times):
    """What had the focus without being seen, on the way through the page with the Tab key."""
    found = []
    for _time in range(times):
        page.keyboard.press("Tab")
        found.append(page.evaluate(COVERED))
    return [each for each in found if each]


@pytest.mark.parametrize("size", [PHONE, MAGNIFIED], ids=["phone", "magnified"])
def test_nothing_lies_over_the_filter_that_has_the_focus(page, size):
    ListingFactory.create_batch(3)
    refresh_all()
    page.set_viewport_size(size)
    page.goto("/sok/")
    page.locator("#filters > summary").click()
    for summary in page.locator("#filters .facet > summary").all():
        summary.click()
    page.locator("#filters > summary").focus()

    assert covered(page, 25) == []


@pytest.mark.parametrize("size", [PHONE, MAGNIFIED], ids=["phone", "magnified"])
def test_nothing_lies_over_the_field_that_has_the_focus(page, size):
    page.set_viewport_size(size)
    page.goto("/material/erbjud/")
    page.locator("main").focus()

    assert covered(page, 35) == []


def test_the_menu_of_the_phone_stays_at_hand_where_there_is_room(page):
    page.set_viewport_size(PHONE)
    page.goto("/material/erbjud/")
    menu = page.locator(".thumb-nav")
    expect(menu).to_be_in_viewport()

    page.set_viewport_size(MAGNIFIED)

    expect(menu).not_to_be_in_viewport()
