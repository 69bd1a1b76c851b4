"""What names of material the words of a question mean: synonyms, parts of compounds, English."""

from collections.abc import Callable, Iterable

from search.query import analysis
from search.query.parsing import Term, parse_query

LANGUAGES = ("sv", "en")


def meant_by(words: Iterable[str]) -> Callable[[str], bool]:
    """What tells of a name whether it answers to all of `words`: toarullar → Papphylsor."""
    required = parse_query(" ".join(words)).required
    return lambda name: (
        bool(required) and all(any(answers(name, term) for term in group) for group in required)
    )


def answers(name: str, term: Term) -> bool:
    """Whether all words of one way to say `term` are in `name`, or are a part of a word there."""
    there = {found for language in LANGUAGES for found in analysis.terms(name, language)}
    return any(
        all(there & forms(word) for word in alternative.words) for alternative in term.alternatives
    )


def forms(word: str) -> set[str]:
    """How `word` stands among the terms of a name."""
    return {*analysis.stems(word), *analysis.part_stems(word), analysis.stem(word, "en")}
