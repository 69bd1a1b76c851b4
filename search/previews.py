"""What questions become with a rule of synonyms that is not saved yet, for its editor."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import ranking, synonyms
from .understanding import understand

HOW = {
    ranking.TYPED: _("as it was typed"),
    ranking.SYNONYM: _("means the same"),
    ranking.SPLIT: _("a compound taken apart"),
    ranking.LEADS_TO: _("leads to it, lower down"),
    ranking.PIECE: _("a part of it, when there is little else"),
}


@dataclass(frozen=True)
class Question:
    """A question, and [(words that are looked for, how they count)], the weightiest first."""

    text: str
    looked_for: list


def preview(synonym):
    """([Question], [error]): each phrase that `synonym` is about, as it would be understood."""
    try:
        rule = synonyms.parse(synonym.rule)
    except ValidationError as error:
        return [], error.messages
    others = [each for each in synonyms.table().rules if each != saved_rule(synonym)]
    table = synonyms.Table([*others, rule] if synonym.active else others)
    return [question(" ".join(phrase), table) for phrase in rule.said], []


def saved_rule(synonym):
    """The rule as it is in force now, or None."""
    line = type(synonym).objects.filter(pk=synonym.pk, active=True).values_list("rule", flat=True)
    return synonyms.parse(line[0]) if line else None


def question(text, table):
    meaning = understand(text, exactly=True, table=table)
    readings = [reading for term in meaning.terms for reading in (*term.readings, *term.loose)]
    readings.sort(key=lambda reading: -reading.weight)
    return Question(text, [(" ".join(reading.words), HOW[reading.weight]) for reading in readings])
