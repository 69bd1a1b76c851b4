"""Amounts of material in lesson ideas."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from inspiration.lessons.amounts import WHOLE, Amount, Per, suggested
from marketplace.materials.units import Unit
from tests.factories import CategoryFactory


@pytest.mark.parametrize(
    ("text", "quantity", "unit", "per"),
    [
        ("15–20 hylsor", "20", "st", "all"),
        ("två rullar", "2", "rulle", "all"),
        ("en bit per barn", "1", "st", "child"),
        ("ett stort ark per grupp", "1", "ark", "group"),
        ("en halv vepa per elev", "0.5", "st", "child"),
        ("half a banner per pupil", "0.5", "st", "child"),
        ("två meter spännband per väska", "2", "m", "child"),
        ("ett par kilo", "2", "kg", "all"),
        ("profiler, 5–10 per grupp", "10", "st", "group"),
        ("en halv kvadratmeter per drake", "0.5", "m2", "child"),
        ("1,5 liter", "1.5", "l", "all"),
        ("10 tubes each", "10", "st", "child"),
    ],
)
def test_an_old_sentence_suggests_an_amount(text, quantity, unit, per):
    assert suggested(text) == Amount(Decimal(quantity), unit, per)


@pytest.mark.parametrize("text", ["", "några rör", "snöre", "misprints for drawings", "0 st"])
def test_nothing_is_suggested_where_nobody_can_tell(text):
    assert suggested(text) is None


amounts = st.builds(
    Amount,
    st.sampled_from(range(1, 100_001)).map(lambda thousandths: Decimal(thousandths) / 1000),
    st.sampled_from(Unit.values),
    st.sampled_from(Per.values),
)
people = st.sampled_from(range(1, 41))


@given(amount=amounts, children=people, groups=people)
def test_what_is_needed_is_enough_and_less_than_one_too_many(amount, children, groups):
    times = {"child": children, "group": groups, "all": 1}[amount.per]

    needed = amount.needed(children=children, groups=groups)

    assert amount.quantity * times <= needed < amount.quantity * times + 1
    assert amount.unit not in WHOLE or needed == int(needed)


@given(amount=amounts, there_is=st.sampled_from(range(10_001)).map(Decimal))
def test_it_is_enough_for_as_many_as_it_says_and_not_for_one_more(amount, there_is):
    many = amount.enough_for(there_is)

    assert many * amount.quantity <= there_is < (many + 1) * amount.quantity


@pytest.mark.django_db
def test_a_lesson_idea_counts_for_the_group_that_is_asked_about(client, pages):
    sheets = {"quantity": Decimal(1), "unit": "ark", "per": "group"}
    lids = {"quantity": Decimal("1.5"), "unit": "st", "per": "child", "necessity": "nice"}
    lesson = pages.lesson(
        materials=[
            {"category": CategoryFactory(name="Wellpapp"), **sheets},
            {"category": CategoryFactory(name="Tapet"), "instead": True, **sheets},
            {"category": CategoryFactory(name="Lock"), **lids},
        ]
    )

    def lines(query=""):
        page = BeautifulSoup(client.get(f"{lesson.url}{query}").content, "html.parser")
        found = page.select("section[aria-labelledby=you-need] li")
        return [" ".join(each.get_text(" ", strip=True).split()) for each in found]

    assert lines() == [
        "Wellpapp : 1 ark per grupp",
        "eller Tapet : 1 ark per grupp",
        "Lock : 1,5 stycken per barn (bra att ha)",
    ]
    assert lines("?barn=25&grupper=4") == [
        "Wellpapp : 4 ark",
        "eller Tapet : 4 ark",
        "Lock : 38 stycken (bra att ha)",
    ]
    assert lines("?barn=många&grupper=-1") == lines()


@pytest.mark.django_db
def test_editors_get_amounts_suggested_from_the_old_text(pages):
    lesson = pages.lesson(
        materials=[
            {"category": CategoryFactory(), "amount": "en bit per barn"},
            {"category": CategoryFactory(), "amount": "två", "quantity": Decimal(3), "unit": "kg"},
        ]
    )
    handler = type(lesson).get_edit_handler()
    form_class = handler.get_form_class()

    shown = form_class(instance=lesson).formsets["materials"].forms

    names = ("quantity", "unit", "per")
    assert [str(shown[0][name].value()) for name in names] == ["1", "st", "child"]
    assert [str(shown[1][name].value()) for name in names] == ["3.000", "kg", "all"]
