"""What questions become with a rule of synonyms that is not saved yet, for its editor."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal.foundation.pages.wiring import preview_of
from search.query.parsing import parse_query
from search.query.ranking import FIRST_PIECE, INTENDED, LEADS_TO, PIECE, SPLIT, SYNONYM, TYPED
from search.synonyms import services as synonyms_services
from search.synonyms.models import Synonym
from search.synonyms.rules import Rule, Table, parse

HOW = {
    TYPED: _("as it was typed"),
    SYNONYM: _("means the same"),
    SPLIT: _("a compound taken apart"),
    LEADS_TO: _("leads to it, lower down"),
    INTENDED: _("a word for what is wanted"),
    FIRST_PIECE: _("a part of it, when there is little else"),
    PIECE: _("a part of it, when there is little else"),
}


@dataclass(frozen=True)
class Question:
    """A question, and [(words that are looked for, how they count)], the weightiest first."""

    text: str
    looked_for: list


@preview_of(Synonym)
def preview(synonym: Synonym, request: HttpRequest, mode_name: str) -> HttpResponse:
    questions, errors = understood(synonym)
    return render(
        request,
        "search/synonyms/admin/synonym_preview.html",
        {"questions": questions, "errors": errors, "synonym": synonym},
    )


def understood(synonym: Synonym) -> tuple[list[Question], list[str]]:
    """([Question], [error]): each phrase that `synonym` is about, as it would be understood."""
    try:
        rule = parse(synonym.rule)
    except ValidationError as error:
        return [], error.messages
    others = [each for each in synonyms_services.table().rules if each != saved_rule(synonym)]
    table = Table([*others, rule] if synonym.active else others)
    return [question(" ".join(phrase), table) for phrase in rule.said], []


def saved_rule(synonym: Synonym) -> Rule | None:
    """The rule as it is in force now, or None."""
    line = type(synonym).objects.filter(pk=synonym.pk, active=True).values_list("rule", flat=True)
    return parse(line[0]) if line else None


def question(text: str, table: Table) -> Question:
    parsed = parse_query(text, exactly=True, table=table)
    alternatives = [
        alternative for term in parsed.terms for alternative in (*term.alternatives, *term.loose)
    ]
    alternatives.sort(key=lambda alternative: -alternative.weight)
    return Question(
        text,
        [(" ".join(alternative.words), HOW[alternative.weight]) for alternative in alternatives],
    )
