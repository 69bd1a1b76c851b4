"""The rules and their verdicts as pages show them."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from marketplace.organisations.models import Organisation
from marketplace.safety.answers import QUESTIONS, Answers
from marketplace.safety.rules import (
    PRESCHOOL_AGES,
    Age,
    Judgement,
    Rule,
    Use,
    Verdict,
    judge,
    rules,
)
from portal.foundation.text_types import StrOrPromise

SHARP = _("Does it have sharp edges?")
YES = _("Yes")
# The youngest of the groups that an organisation of a kind has.
AGES_OF: dict[str, tuple[int, ...]] = {
    Organisation.Type.PRESCHOOL: PRESCHOOL_AGES,
    Organisation.Type.SCHOOL: (Age.F_3, Age.OLDER),
}


@dataclass(frozen=True)
class ForAge:
    """What holds for a group of age: what each use is called, and the judgement on it."""

    label: StrOrPromise
    judgements: list[tuple[StrOrPromise, Judgement]]


def by_age(answers: Answers) -> list[ForAge]:
    """The verdicts on a listing for every age and use."""
    return [
        ForAge(age.label, [(use.label, judge(answers, age, use)) for use in Use]) for age in Age
    ]


def for_receiver(
    answers: Answers, organisation: Organisation
) -> list[tuple[StrOrPromise, Judgement]]:
    """(group of age, judgement) for the children that `organisation` has; for others, for none."""
    ages = AGES_OF.get(organisation.type, ())
    return [(Age(age).label, judge(answers, age)) for age in ages]


def needs_confirmation(answers: Answers, organisation: Organisation) -> bool:
    """Whether who asks must say that the verdict has been read: preschools, unless it fits all."""
    if organisation.type != Organisation.Type.PRESCHOOL:
        return False
    return any(judge(answers, age).verdict != Verdict.FITS for age in PRESCHOOL_AGES)


def answers_in_words(answers: Answers) -> list[tuple[StrOrPromise, StrOrPromise]]:
    """(question, answer) of the giver."""
    told: list[tuple[StrOrPromise, StrOrPromise]] = [
        (label, choices(getattr(answers, name)).label)
        for name, (label, choices) in QUESTIONS.items()
    ]
    return [*told, (SHARP, YES)] if answers.sharp_edges else told


@dataclass(frozen=True)
class Row:
    """An answer and a use of the table, with a rule per age."""

    answer: StrOrPromise
    use: StrOrPromise
    rules: list[Rule]


def published() -> list[tuple[StrOrPromise, list[Row]]]:
    """The whole table: (question, its rows)."""
    found: list[tuple[StrOrPromise, list[Row]]] = []
    for question, of_question in groupby(rules().values(), lambda rule: rule.question):
        label, choices = QUESTIONS.get(question, (SHARP, None))
        rows = [
            Row(choices(answer).label if choices else YES, Use(use).label, list(each))
            for (answer, use), each in groupby(of_question, lambda rule: (rule.answer, rule.use))
        ]
        found.append((label, rows))
    return found
