"""Collections: lesson ideas that an editor puts together."""

import json

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from inspiration.lessons.collections import CollectionPage
from tests.factories import CategoryFactory, ListingFactory, SuperuserFactory
from tests.inspiration.lessons.test_kits_on_cards import meta, needing

pytestmark = pytest.mark.django_db


@pytest.fixture
def idea_bank(pages):
    return pages.index("Idébank", slug="lektioner", lists="lessonideapage")


def collection(pages, idea_bank, *lessons, title="Första veckan"):
    chosen = json.dumps([{"type": "lesson", "value": each.pk} for each in lessons])
    return pages.add(CollectionPage, idea_bank, title, lessons=chosen)


def titles(client, page):
    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    return [each.get_text(strip=True) for each in soup.select("main .card__title")]


def test_the_ideas_are_shown_in_the_order_of_the_editor(client, pages, idea_bank):
    one, two = pages.lesson(title="Kulbana"), pages.lesson(title="Drakar")
    pages.lesson(title="Koja")

    page = collection(pages, idea_bank, two, one, two)

    assert titles(client, page) == ["Drakar", "Kulbana"]


def test_it_stands_among_the_lesson_ideas(client, pages, idea_bank):
    collection(pages, idea_bank, pages.lesson(title="Kulbana"))

    assert set(titles(client, idea_bank)) == {"Första veckan", "Kulbana"}


def test_what_has_been_unpublished_is_not_shown(client, pages, idea_bank):
    one, two = pages.lesson(title="Kulbana"), pages.lesson(title="Drakar")
    page = collection(pages, idea_bank, one, two)
    assert titles(client, page) == ["Kulbana", "Drakar"]

    two.unpublish()

    assert titles(client, page) == ["Kulbana"]


def test_readers_get_each_idea_in_their_language_where_it_is_there(client, pages, idea_bank):
    one, two = pages.lesson(title="Kulbana"), pages.lesson(title="Drakar")
    pages.translate(one, title="Marble run")
    page = collection(pages, idea_bank, one, two)

    english = pages.translate(page, title="The first week")

    assert titles(client, english) == ["Marble run", "Drakar"]
    assert titles(client, page) == ["Kulbana", "Drakar"]


def test_an_editor_adds_one_below_the_idea_bank_and_nowhere_else(client, pages, idea_bank):
    client.force_login(SuperuserFactory())

    def offered(parent):
        page = client.get(reverse("wagtailadmin_pages:add_subpage", args=[parent.pk]))
        address = reverse(
            "wagtailadmin_pages:add", args=["inspiration", "collectionpage", parent.pk]
        )
        return address in page.content.decode() or page.headers.get("Location", "") == address

    assert offered(idea_bank)
    assert not offered(pages.index("Artiklar", lists="articlepage"))


def test_a_teacher_asks_once_whether_there_is_enough_for_each_idea(client, pages, idea_bank):
    tubes = CategoryFactory(name="Papprör")
    ideas = [
        pages.lesson(title=title, materials=[needing(tubes, number, unit="st")])
        for title, number in (("Kulbana", 1), ("Torn", 3))
    ]
    page = collection(pages, idea_bank, *ideas)
    ListingFactory(category=tubes, stock__offered=30)

    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    form = soup.select_one("main form")
    assert meta(client, page.url)[0] == []
    asked = f"{form['action']}?{form.select_one('input')['name']}=24"

    assert meta(client, asked)[0] == ["Det räcker till 24 barn nu"]
    assert meta(client, asked, "Torn")[0] == ["0 av 1 material finns till 24 barn nu"]
    assert meta(client, asked)[1].endswith("?barn=24&grupper=4")
