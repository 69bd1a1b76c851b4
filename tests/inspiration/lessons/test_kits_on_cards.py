"""Cards of lesson ideas say whether there is enough for a group, where somebody asks."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.index.entries import refresh_all
from tests.factories import CategoryFactory, ListingFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tubes():
    return CategoryFactory(name="Papprör")


@pytest.fixture
def idea_bank(pages):
    return pages.index("Idébank", slug="lektioner", lists="lessonideapage")


def needing(category, quantity=1, **values):
    return {"category": category, "quantity": Decimal(quantity), "per": "child", **values}


def meta(client, address, title="Kulbana"):
    """What the card of an idea says below its text, and where it leads."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    for card in page.select(".card"):
        if card.select_one(".card__title").get_text(strip=True) == title:
            said = [each.get_text(strip=True) for each in card.select(".card__meta li")]
            return said, card.select_one(".card__title a")["href"]
    raise AssertionError(title)


@pytest.mark.parametrize("path", ["/idebank/", "/sok/?q=kulbana"])
def test_a_card_says_whether_there_is_enough(client, pages, idea_bank, tubes, path):
    pages.lesson(idea_bank, "Kulbana", materials=[needing(tubes, unit="st")])
    ListingFactory(category=tubes, stock__offered=30)
    refresh_all()
    path = path.replace("/idebank/", idea_bank.url)
    asked = f"{path}{'&' if '?' in path else '?'}barn="

    assert meta(client, path)[0] == []
    assert meta(client, f"{asked}24")[0] == ["Det räcker till 24 barn nu"]
    assert meta(client, f"{asked}31")[0] == ["0 av 1 material finns till 31 barn nu"]
    assert meta(client, f"{asked}24")[1].endswith("?barn=24&grupper=4")


def test_what_only_words_count_is_not_promised(client, pages, idea_bank, tubes):
    glue = CategoryFactory(name="Lim")
    materials = [needing(tubes, unit="st"), {"category": glue, "amount": "lite lim"}]
    pages.lesson(idea_bank, "Kulbana", materials=materials)
    pages.lesson(idea_bank, "Sagor", materials=[{"category": glue, "amount": "en skvätt"}])
    ListingFactory(category=tubes, stock__offered=30)

    asked = f"{idea_bank.url}?barn=24"
    assert meta(client, asked)[0] == ["Det som är räknat räcker till 24 barn nu"]
    assert meta(client, asked, "Sagor")[0] == []


def test_what_does_not_suit_the_age_is_not_enough(client, pages, idea_bank, tubes):
    for title, ages in (("Kulbana", ["forskola-1-3"]), ("Bro", [])):
        materials = [needing(tubes, unit="st")]
        pages.lesson(idea_bank, title, materials=materials, age_groups=ages)
    ListingFactory(category=tubes, stock__offered=30, loose_parts="small")

    asked = f"{idea_bank.url}?barn=24"
    assert meta(client, asked)[0] == ["0 av 1 material finns till 24 barn nu"]
    assert meta(client, asked, "Bro")[0] == ["Det räcker till 24 barn nu"]


def test_what_is_ones_own_is_not_counted(client, pages, idea_bank, tubes):
    pages.lesson(idea_bank, "Kulbana", materials=[needing(tubes, unit="st")])
    listing = ListingFactory(category=tubes, stock__offered=30)
    asked = f"{idea_bank.url}?barn=24"
    assert meta(client, asked)[0] == ["Det räcker till 24 barn nu"]

    client.force_login(MembershipFactory(organisation=listing.organisation).user)

    assert meta(client, asked)[0] == ["0 av 1 material finns till 24 barn nu"]


@pytest.mark.parametrize("number", ["0", "-3", "många", "999999", ""])
def test_a_number_that_is_none_asks_nothing(client, pages, idea_bank, tubes, number):
    pages.lesson(idea_bank, "Kulbana", materials=[needing(tubes, unit="st")])
    ListingFactory(category=tubes, stock__offered=30)

    assert meta(client, f"{idea_bank.url}?barn={number}")[0] == []


def test_more_ideas_ask_no_more_of_the_database(client, pages, idea_bank, tubes):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            meta(client, f"{idea_bank.url}?barn=24")
        return [each["sql"] for each in captured]

    pages.lesson(idea_bank, "Kulbana", materials=[needing(tubes, unit="st")])
    ListingFactory(category=tubes, stock__offered=30)
    asked()
    few = asked()
    for number in range(5):
        pages.lesson(idea_bank, f"Idé {number}", materials=[needing(tubes, unit="st")])
        ListingFactory(category=tubes, stock__offered=30)

    asked()
    many = asked()
    assert len(many) <= len(few), "\n".join(each[:300] for each in many)
