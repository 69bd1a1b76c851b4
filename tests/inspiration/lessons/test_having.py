"""“I have 30 tubes”: what that is enough for."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from taggit.models import Tag

from inspiration.lessons.amounts import Amount
from inspiration.lessons.having import Having
from tests.factories import CategoryFactory


@pytest.mark.parametrize(
    ("text", "quantity", "unit", "words"),
    [
        ("30 rör", 30, "st", ("rör",)),
        ("Två kilo knappar", 2, "kg", ("knappar",)),
        ("1,5 m2 av vit segelduk", "1.5", "m2", ("vit", "segelduk")),
        ("12 rolls of tape", 12, "rulle", ("tape",)),
    ],
)
def test_what_somebody_has_is_understood(text, quantity, unit, words):
    having = Having.of(text)

    assert having == Having(Amount(Decimal(quantity), unit, "all"), words)


@pytest.mark.parametrize("text", ["", "rör", "30", "30 st", "!"])
def test_what_says_no_amount_or_no_material_is_not_guessed_at(text):
    assert Having.of(text) is None


@pytest.mark.django_db
def test_the_ideas_that_it_is_enough_for_and_for_how_many(client, pages):
    tubes = CategoryFactory(name="Papphylsor och rör")
    word = Tag.objects.create(name="pappersrör")
    three = {"quantity": Decimal(3), "unit": "st", "per": "child"}
    pages.lesson(title="Kulbana", materials=[{"category": tubes, **three}])
    pages.lesson(title="Rymdraket", materials=[{"tag": word, **three, "per": "group"}])
    pages.lesson(title="För mycket", materials=[{"category": tubes, **three, "quantity": 31}])
    pages.lesson(title="I kilo", materials=[{"category": tubes, **three, "unit": "kg"}])
    pages.lesson(title="Annat", materials=[{"category": CategoryFactory(), **three}])

    def cards(query):
        page = BeautifulSoup(client.get(f"/idebank/jag-har/?har={query}").content, "html.parser")
        return [
            (
                each.select_one(".card__title").get_text(),
                each.select_one(".badge").get_text().strip(),
            )
            for each in page.select("article.card")
        ]

    assert cards("30 rör") == [
        ("Kulbana", "Räcker till 10 barn"),
        ("Rymdraket", "Räcker till 10 grupper"),
    ]
    assert cards("2 rör") == []
    assert "Skriv hur mycket" in client.get("/idebank/jag-har/?har=massor").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "finds"),
    [
        ("30 toarullar", ["Kulbana"]),
        ("30 pappersrör", ["Kulbana"]),
        ("30 cardboard tubes", ["Kulbana"]),
        ("30 hylsor", ["Kulbana"]),
        ("30 knapparna", ["Tusen knappar"]),
        ("30 trappor", []),
    ],
)
def test_what_is_called_something_else_is_understood_as_search_does(client, pages, words, finds):
    one = {"quantity": Decimal(1), "unit": "st", "per": "child"}
    pages.lesson(
        title="Kulbana", materials=[{"category": CategoryFactory(name="Papphylsor och rör"), **one}]
    )
    pages.lesson(
        title="Tusen knappar", materials=[{"tag": Tag.objects.create(name="knappar"), **one}]
    )

    page = BeautifulSoup(client.get("/idebank/jag-har/", {"har": words}).content, "html.parser")

    assert [each.get_text() for each in page.select("main .card__title")] == finds
