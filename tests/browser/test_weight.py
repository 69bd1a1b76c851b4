"""What a page view asks for: little, sized pictures, and nothing from anybody else."""

import gzip
from dataclasses import dataclass

import pytest

from tests.browser.addresses import NOBODY, VIEWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

MOST_BYTES = 150_000
PUBLIC = [
    name for name, view in VIEWS.items() if view.by == NOBODY and not view.act and view.status < 500
]
FAULTY_PICTURES = """() => [...document.images].flatMap((image) => {
  const faults = [];
  const drawn = image.src.includes(".svg");
  const sources = [image, ...image.closest("picture")?.querySelectorAll("source") ?? []];
  const top = image.getBoundingClientRect().top + scrollY;
  if (!image.getAttribute("width") || !image.getAttribute("height")) faults.push("no dimensions");
  if (!drawn && !sources.some((each) => each.srcset.includes(","))) faults.push("one size only");
  if (top > innerHeight && image.loading !== "lazy") faults.push("below the fold and not lazy");
  return faults.map((fault) => `${fault}: ${image.outerHTML.slice(0, 160)}`);
})"""


@dataclass(frozen=True)
class Visit:
    """What came of opening a page once on a phone, with an empty cache."""

    kilobytes: dict
    foreign: list
    faulty_pictures: list


@pytest.fixture(scope="module")
def visits(browser, demo_site):
    """A function that opens a view, each only once, to the bottom of the page."""
    made = {}

    def visit(name):
        if name not in made:
            made[name] = open_once(browser, demo_site.url, VIEWS[name].path("sv"))
        return made[name]

    return visit


def open_once(browser, server, path):
    # The service worker fetches by itself, and that is no part of the page.
    context = browser.new_context(
        base_url=server, viewport={"width": 390, "height": 844}, service_workers="block"
    )
    asked, answers = [], []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: answers.append(response))
    page.goto(path)
    faulty_pictures = page.evaluate(FAULTY_PICTURES)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    kilobytes = {
        answer.url: len(gzip.compress(answer.body(), 6)) / 1000
        for answer in answers
        if answer.request.resource_type in ("document", "stylesheet", "script")
        and not 300 <= answer.status < 400
    }
    context.close()
    ours = (server, "data:", "blob:")
    return Visit(kilobytes, [url for url in asked if not url.startswith(ours)], faulty_pictures)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_is_light(visits, name):
    kilobytes = visits(name).kilobytes

    assert len(kilobytes) >= 5
    assert sum(kilobytes.values()) <= MOST_BYTES / 1000, kilobytes


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_asks_nobody_else(visits, name):
    assert visits(name).foreign == []


@pytest.mark.parametrize("name", PUBLIC)
def test_pictures_keep_their_place_and_come_when_needed(visits, name):
    assert visits(name).faulty_pictures == []


def test_a_video_is_asked_for_only_when_somebody_wants_it(windows):
    page = windows[NOBODY]
    asked = []
    page.route("https://player.vimeo.com/**", lambda route: route.abort())
    page.on("request", lambda request: asked.append(request.url))
    page.goto(VIEWS["article-with-every-block"].path("sv"))
    before = [url for url in asked if "vimeo" in url]

    page.locator("[data-video]").click()
    page.locator("iframe").wait_for()

    assert before == []
    assert [url for url in asked if "vimeo" in url] == ["https://player.vimeo.com/video/1"]
