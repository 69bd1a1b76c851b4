"""The table, and the one function that reads it."""

import csv
from itertools import product
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.materials.properties import reference
from marketplace.safety.answers import QUESTIONS, UNKNOWN, Answers, Ruling, presets
from marketplace.safety.rules import (
    TABLE,
    Age,
    Use,
    Verdict,
    fits_from,
    in_a_line,
    judge,
    must_be_settled,
    rules,
)

BEST = Answers("children", "none", "none", "none", "made_for_it")
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8", newline="")))

answers = st.builds(
    Answers,
    **{name: st.sampled_from(choices.values) for name, (_label, choices) in QUESTIONS.items()},
    sharp_edges=st.booleans(),
    stated_age=st.none() | st.integers(0, 18),
    ruling=st.sampled_from(["", *Ruling.values]),
)
ages = st.integers(1, 18)
uses = st.sampled_from(Use.values)


def test_the_table_has_one_row_for_every_answer_age_and_use():
    answered = [
        *((name, answer) for name, (_, choices) in QUESTIONS.items() for answer in choices.values),
        ("sharp_edges", "yes"),
    ]
    expected = [
        (*answer, str(age.value), use) for answer, age, use in product(answered, Age, Use.values)
    ]

    found = [(row["question"], row["answer"], row["age"], row["use"]) for row in ROWS]

    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['question']}-{row['answer']}-{row['age']}-{row['use']}"
)
def test_each_row_decides_what_only_it_speaks_against(row):
    change = True if row["question"] == "sharp_edges" else row["answer"]
    only = BEST._replace(**{row["question"]: change})
    age = int(row["age"])
    # The best answer to the question of food still asks for care with food.
    floor = rules()["heat_or_food", only.heat_or_food, age, row["use"]].verdict
    expected = max(Verdict[row["verdict"].upper()], floor)

    found = judge(only, age, row["use"])

    assert found.verdict == expected
    assert found.reason
    assert row["reason_sv"].endswith(".")
    assert row["reason_en"].endswith(".")
    assert row["source"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["answer"] == UNKNOWN])
def test_not_knowing_is_always_a_reason_to_ask(row):
    assert row["verdict"] == "ask"


@pytest.mark.parametrize("name", QUESTIONS)
@given(answers=answers, age=ages, use=uses)
def test_a_worse_answer_never_gives_a_better_verdict(name, answers, age, use):
    known = [value for value in QUESTIONS[name][1].values if value != UNKNOWN]
    verdicts = [judge(answers._replace(**{name: value}), age, use).verdict for value in known]

    assert verdicts == sorted(verdicts)


@given(answers=answers, age=ages, use=uses, years=st.integers(1, 18))
def test_edges_and_the_givers_limit_never_make_it_better(answers, age, use, years):
    plain = answers._replace(sharp_edges=False, stated_age=None)

    assert judge(plain, age, use).verdict <= judge(answers, age, use).verdict


@given(answers=answers, age=ages, use=uses, name=st.sampled_from(list(QUESTIONS)))
def test_what_is_not_known_never_fits(answers, age, use, name):
    assert not judge(answers._replace(**{name: UNKNOWN}), age, use).fitting


@given(answers=answers, use=uses, one=ages, other=ages)
def test_what_fits_younger_children_fits_older_ones(answers, use, one, other):
    younger, older = sorted([one, other])

    assert judge(answers, older, use).verdict <= judge(answers, younger, use).verdict


@given(answers=answers, age=ages, use=uses)
def test_the_age_to_filter_by_says_what_the_function_says(answers, age, use):
    youngest = fits_from(answers, use)

    assert judge(answers, age, use).fitting == (youngest is not None and youngest <= age)


@given(answers=answers)
def test_a_line_fits_only_when_it_fits_somebody(answers):
    line = in_a_line(answers)

    assert line.verdict.fitting == (fits_from(answers) is not None)
    assert line.words
    assert line.reason.endswith(".")


@given(answers=answers)
def test_an_editors_no_is_a_no_for_preschools(answers):
    settled = answers._replace(ruling=Ruling.NOT)

    assert {judge(settled, age).verdict for age in (1, 3)} == {Verdict.NOT}
    assert not must_be_settled(settled)


def test_an_editor_settles_what_is_to_be_asked_when_all_is_known():
    wood = BEST._replace(made_for="building")

    assert judge(wood, 1).verdict == Verdict.ASK
    assert judge(wood._replace(ruling=Ruling.CARE), 1).verdict == Verdict.CARE
    assert judge(wood._replace(ruling=Ruling.CARE, treatment=UNKNOWN), 1).verdict == Verdict.ASK


def test_who_states_no_answer_knows_nothing():
    thing = SimpleNamespace(
        **dict.fromkeys(QUESTIONS, UNKNOWN),
        sharp_edges=False,
        suitable_from_age=None,
        preschool_ruling="",
    )

    assert fits_from(Answers.of(thing)) is None
    assert Answers.of(thing).has_unknown
    assert not BEST.has_unknown


def test_categories_answer_with_known_words_and_all_of_them_answer():
    for slug, known in presets().items():
        assert known.keys() == QUESTIONS.keys(), slug
        for name, answer in known.items():
            assert answer in QUESTIONS[name][1].values, slug

    assert presets().keys() == reference().keys()
