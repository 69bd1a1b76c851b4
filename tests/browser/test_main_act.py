"""What a page is for is not far down: within four screens of a phone, and nothing long below it."""

import pytest

from tests.browser.addresses import VIEWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PHONE = {"width": 390, "height": 844}
SCREENS = 4
# What a page asks to be done, where it asks for anything: the first that is seen.
ACTS = "main .button--primary, main .button--warm, main [type=submit]"
PAGES = [name for name, view in VIEWS.items() if view.act is None and view.status == 200]

# Pages where somebody fills in something, or decides it.
# fmt: off
FORMS = [
    "offer", "reserve", "wanted-new", "wanted-edit", "place", "new-place", "rate",
    "report-listing", "ask-about-listing", "withdraw", "recall", "unplaced", "share-out",
    "regular-offer", "giver-question", "listing-question", "invitation", "register",
    "organisation", "pickup-times", "purchases", "imports", "calendar-feed", "hub-cards",
    "hub-take-in", "hub-new-shelf", "hub-count", "leave", "mail-preference",
    "saved-search-mail", "newsletter-own", "newsletter-end", "sign-in",
]
# fmt: on


def first_act(page):
    """How far down the first act of a page begins, or None where there is nothing to do."""
    return page.evaluate(
        """(acts) => {
          const seen = [...document.querySelectorAll(acts)].filter(
            (each) => each.checkVisibility() && !each.matches('.visually-hidden'));
          return seen.length ? seen[0].getBoundingClientRect().top + scrollY : null;
        }""",
        ACTS,
    )


@pytest.mark.parametrize("name", PAGES)
def test_the_main_act_of_a_page_is_within_four_screens(windows, name):
    view = VIEWS[name]
    page = windows[view.by]
    page.set_viewport_size(PHONE)
    page.goto(view.path("sv"))

    at = first_act(page)

    assert at is None or at < SCREENS * PHONE["height"]


@pytest.mark.parametrize("name", FORMS)
def test_the_foot_of_a_form_page_is_one_line(windows, name):
    view = VIEWS[name]
    page = windows[view.by]
    page.set_viewport_size(PHONE)
    page.goto(view.path("sv"))

    assert page.locator("footer").last.bounding_box()["height"] < 80


def test_an_act_further_down_would_be_found(browser):
    page = browser.new_page(viewport=PHONE)
    page.set_content(
        "<main><div style='height: 3400px'></div><button type=submit>Skicka</button></main>"
    )

    assert first_act(page) > SCREENS * PHONE["height"]
