"""What a question means: each word with the ways it may be said, for both engines."""

from dataclasses import dataclass

from . import analysis, ranking, synonyms
from .vocabulary import vocabulary

MOST_WORDS = 10
MOST_SYNONYMS = 10
# Of all words together: two words have all of theirs, ten have the best four each.
MOST_READINGS = 48


@dataclass(frozen=True)
class Reading:
    """One way to say a word of the question: all `words` must be there. `weight` is 0–1."""

    words: tuple
    weight: float


@dataclass(frozen=True)
class Term:
    """A word or phrase of the question. `loose` readings count when there is too little else."""

    typed: str
    readings: tuple
    loose: tuple = ()


@dataclass(frozen=True)
class Understanding:
    """`correction` is the question as it was probably meant, when a word was misspelt."""

    terms: tuple
    correction: str = ""

    def __bool__(self):
        return bool(self.terms)


def understand(text, *, exactly=False, table=None):
    """Read the question `text` by the rules in force, or by those in `table`.

    With `exactly`, nothing is taken for a slip of the pen.
    """
    table = table or synonyms.table()
    words = analysis.words(text)[:MOST_WORDS]
    known = [(word, False) if exactly else probable(word, table) for word in words]
    words = [word for word, _corrected in known]
    correction = " ".join(words) if any(corrected for _word, corrected in known) else ""
    terms = []
    position = 0
    while position < len(words):
        length = next(
            length
            for length in range(synonyms.LONGEST_PHRASE, 0, -1)
            if length == 1 or has_phrase(table, words[position : position + length], length)
        )
        terms.append(term(tuple(words[position : position + length]), table))
        position += length
    return Understanding(tuple(bounded(each, len(terms)) for each in terms), correction)


def bounded(term, number):
    """`term` as one of `number`, with its best readings only: many words cost as little as few."""
    most = MOST_READINGS // number
    readings = sorted(term.readings, key=lambda reading: -reading.weight)[:most]
    return Term(term.typed, tuple(readings), term.loose[: most - len(readings)])


def has_phrase(table, words, length):
    return len(words) == length and table.has(words)


def probable(word, table):
    """(The word that was probably meant, whether that is a correction worth telling)."""
    known = vocabulary()
    if complete := known.with_diacritics(word):
        return complete, False
    if known.knows(word) or table.has([word]):
        return word, False
    if analysis.parts(word):
        return word, False
    closest = known.closest(word)
    return (closest, True) if closest else (word, False)


def term(words, table):
    """The `Term` for a word, or for a phrase that has synonyms."""
    readings = {words: ranking.TYPED}
    for phrase in table.same(words)[:MOST_SYNONYMS]:
        readings.setdefault(phrase, ranking.SYNONYM)
    for phrase in table.leads_to(words)[:MOST_SYNONYMS]:
        readings.setdefault(phrase, ranking.LEADS_TO)
    loose = {}
    if len(words) == 1:
        if split := analysis.parts(words[0]):
            readings.setdefault(split, ranking.SPLIT)
        for piece in analysis.pieces(words[0]):
            loose.setdefault((piece,), ranking.PIECE)
    for phrase, weight in list(readings.items()):
        if (
            weight >= ranking.SYNONYM
            and len(phrase) == 1
            and (last := analysis.last_part(phrase[0]))
        ):
            loose.setdefault((last,), ranking.PIECE)
    return Term(
        typed=" ".join(words),
        readings=tuple(Reading(*each) for each in readings.items()),
        loose=tuple(Reading(*each) for each in loose.items() if each[0] not in readings),
    )
