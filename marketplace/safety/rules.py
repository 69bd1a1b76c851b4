"""For whom material is safe: the published table, and the one function that reads it.

Everything that says whether material suits children asks `judge`: cards, pages, the filter by age,
facets, lesson ideas, requests, labels and mails.
"""

import csv
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

from django.db import models
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from marketplace.safety.answers import QUESTIONS, Answers, Ruling

TABLE = Path(__file__).resolve().parent / "safety_rules.csv"
PRESCHOOL_AGES = (1, 3)


class Verdict(IntEnum):
    """From best to worst; of several, the worst counts."""

    FITS = 0
    CARE = 1
    ASK = 2
    NOT = 3

    @property
    def label(self):
        return LABELS[self]

    @property
    def fitting(self) -> bool:
        return self <= Verdict.CARE


LABELS = {
    Verdict.FITS: _("Fits"),
    Verdict.CARE: _("Fits with care"),
    Verdict.ASK: _("Ask first"),
    Verdict.NOT: _("Does not fit"),
}


class Use(models.TextChoices):
    PLAY = "play", _("Play and exploring")
    CRAFT = "craft", _("Craft and building with an adult")
    FOOD = "food", _("Food or heat")


class Age(models.IntegerChoices):
    """Groups of age by the youngest in them, in years."""

    TODDLER = 1, _("1–3 years")
    PRESCHOOL = 3, _("3–6 years")
    F_3 = 6, _("Preschool class to grade 3")
    OLDER = 10, _("Grade 4 and older")

    @classmethod
    def holding(cls, years: int) -> "Age":
        """The group that children of `years` are in; the youngest when they are younger still."""
        return max((age for age in cls if age <= years), default=cls.TODDLER)


@dataclass(frozen=True)
class Rule:
    """A row of the table: what one answer means for an age and a use."""

    question: str
    answer: str
    age: int
    use: str
    verdict: Verdict
    reason_sv: str
    reason_en: str
    source: str
    source_url: str
    checked_by: str
    checked_on: str

    @property
    def reason(self) -> str:
        return self.reason_sv if (get_language() or "").startswith("sv") else self.reason_en

    @property
    def own_source(self) -> str:
        """What a rule without a published source rests on."""
        return gettext("The portal's rule of caution: what is unknown never counts as fitting")


@dataclass(frozen=True)
class Judgement:
    verdict: Verdict
    reason: str

    @property
    def fitting(self) -> bool:
        return self.verdict.fitting


@cache
def rules() -> dict[tuple[str, str, int, str], Rule]:
    """The table by (question, answer, age, use)."""
    found = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            age, verdict = Age(int(row.pop("age"))), Verdict[row.pop("verdict").upper()]
            rule = Rule(age=age, verdict=verdict, **row)
            found[rule.question, rule.answer, rule.age, rule.use] = rule
    return found


def judge(answers: Answers, age: int, use: str = Use.PLAY) -> Judgement:
    """Whether what has these `answers` suits children from `age` years on, for `use`, and why.

    The worst of the answers decides. What nobody has answered is never more than "ask".
    """
    group = Age.holding(age)
    asked = [(name, getattr(answers, name)) for name in QUESTIONS]
    if answers.sharp_edges:
        asked.append(("sharp_edges", "yes"))
    # `max` keeps the first of several that are as bad.
    worst = max((rules()[name, answer, group, use] for name, answer in asked), key=_badness)
    found = Judgement(worst.verdict, worst.reason if worst.verdict else _no_objection())
    if answers.stated_age is not None and age < answers.stated_age:
        found = max(found, Judgement(Verdict.NOT, _stated(answers.stated_age)), key=_badness)
    return _ruled(found, answers) if age < Age.F_3 else found


def _badness(found: Rule | Judgement) -> Verdict:
    return found.verdict


def _ruled(found: Judgement, answers: Answers) -> Judgement:
    """What an editor has settled. It turns "ask" into something better only when all is known."""
    if answers.ruling == Ruling.NOT and found.verdict != Verdict.NOT:
        return Judgement(
            Verdict.NOT, gettext("An editor has decided that it is not for preschools.")
        )
    if answers.ruling == Ruling.CARE and found.verdict == Verdict.ASK and not answers.has_unknown:
        return Judgement(
            Verdict.CARE,
            gettext("An editor has asked about it: it is suitable for preschools, with care."),
        )
    return found


def _no_objection() -> str:
    return gettext("Nothing in the answers speaks against it.")


def _stated(age: int) -> str:
    return ngettext(
        "The giver says: from %(age)d year.", "The giver says: from %(age)d years.", age
    ) % {"age": age}


def fits_from(answers: Answers, use: str = Use.PLAY) -> int | None:
    """The age in years from which it suits children, or None when it suits nobody as far as known.

    The table is never stricter for older children, so it suits all who are older too.
    """
    ages = sorted({*Age, answers.stated_age or Age.TODDLER})
    return next((int(age) for age in ages if judge(answers, age, use).fitting), None)


def must_be_settled(answers: Answers) -> bool:
    """Whether an editor has something to settle before it may be published to preschools."""
    return any(judge(answers, age).verdict == Verdict.ASK for age in PRESCHOOL_AGES)


@dataclass(frozen=True)
class Line:
    """For whom something is, in a few words, and the reason in a sentence."""

    verdict: Verdict
    words: str
    reason: str


def in_a_line(answers: Answers) -> Line:
    """What a card says: the youngest whom it suits, and why not somebody younger."""
    age = fits_from(answers)
    if age is None:
        found = judge(answers, Age.OLDER)
        return Line(found.verdict, str(found.verdict.label), found.reason)
    found = judge(answers, age)
    words = ngettext("Fits from %(age)d year", "Fits from %(age)d years", age)
    if found.verdict == Verdict.CARE:
        words = ngettext(
            "Fits from %(age)d year, with care", "Fits from %(age)d years, with care", age
        )
    if found.verdict == Verdict.FITS and age > Age.TODDLER:
        found = Judgement(found.verdict, judge(answers, age - 1).reason)
    return Line(found.verdict, words % {"age": age}, found.reason)
