"""What the offer form proposes, from this portal's own words and weights."""

from decimal import Decimal

import pytest

from marketplace.offers.suggestions import suggest_categories, usual_weight
from tests.factories import CategoryFactory, ListingFactory, StockFactory

pytestmark = pytest.mark.django_db

CATEGORIES = "/material/erbjud/kategorier/"
WEIGHT = "/material/erbjud/vikt/"


def first(title):
    return suggest_categories(title)[0][1]


@pytest.fixture
def categories():
    return {
        name: CategoryFactory(name=name)
        for name in ("Papphylsor och rör", "Tyg och textil", "Wellpapp", "Trä")
    }


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Papprör, 1 meter", "Papphylsor och rör"),
        ("Stora TYGER i bomull", "Tyg och textil"),
        ("wellpapplådor", "Wellpapp"),
    ],
)
def test_a_category_is_known_by_its_own_words(categories, title, category):
    assert first(title) == category


def test_a_category_is_known_by_what_former_listings_were_called(categories):
    ListingFactory(title="Spillbitar från såg", category=categories["Trä"])

    assert first("Spillbitar") == "Trä"


def test_a_category_is_known_by_tags(categories):
    ListingFactory(title="Något", category=categories["Trä"]).tags.add("slöjd")
    ListingFactory(title="Annat", category=categories["Trä"])
    listing = ListingFactory(title="Mjukt", category=categories["Tyg och textil"])
    listing.tags.add("kuddar")
    listing.save()

    assert first("kuddar") == "Tyg och textil"


def test_nothing_is_proposed_for_what_nobody_knows(categories):
    assert suggest_categories("Xyzzy 12") == []
    assert suggest_categories("") == []


def test_the_form_gets_buttons(client, categories):
    page = client.get(CATEGORIES, {"title": "Papprör"}).content.decode()

    assert f'data-category="{categories["Papphylsor och rör"].pk}"' in page


def former(category, *weights, unit="st"):
    for weight in weights:
        listing = ListingFactory(category=category, stock=None)
        StockFactory(listing=listing, unit=unit, kg_per_unit=Decimal(weight))


def test_a_weight_starts_where_former_listings_of_category_and_unit_were(client, categories):
    former(categories["Trä"], "0.2", "0.4", "9")
    former(categories["Trä"], "5", unit="kartong")

    answer = client.get(WEIGHT, {"kategori": categories["Trä"].pk, "enhet": "st"}).json()

    assert answer["kg"] == "0,4"


def test_a_category_without_any_starts_where_its_parents_were(categories):
    child = CategoryFactory(name="Lister", parent=categories["Trä"])
    former(categories["Trä"], "0.7")

    assert usual_weight(child, "st") == Decimal("0.7")
    assert usual_weight(categories["Wellpapp"], "st") is None


def test_kilograms_weigh_what_they_say(categories):
    assert usual_weight(categories["Trä"], "kg") == 1


@pytest.mark.parametrize("asked", [{}, {"kategori": "x", "enhet": "st"}, {"kategori": "999"}])
def test_a_question_about_nothing_has_an_empty_answer(client, asked):
    assert client.get(WEIGHT, asked).json() == {"kg": "", "hint": ""}
