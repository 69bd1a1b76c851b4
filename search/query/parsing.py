"""What a question means: each word with the ways it may be said, for both engines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from search.intentions import table as intentions
from search.intentions.table import Leads, Match
from search.intentions.table import Table as IntentionTable
from search.query import analysis, ranking
from search.query.vocabulary import vocabulary
from search.synonyms import services as synonyms
from search.synonyms.rules import LONGEST_PHRASE
from search.synonyms.rules import Table as SynonymTable

MOST_WORDS = 10
MOST_SYNONYMS = 10
# Of all words together: two words have most of theirs, ten have the best three each.
MOST_ALTERNATIVES = 32
PAPER_SIZE = re.compile(r"a[0-6]")
PAPER_SIZES = [f"a{number}" for number in range(7)]


@dataclass(frozen=True)
class Alternative:
    """One way to say a word of the question: all `words` must be there. `weight` is 0–1.

    `part` is the mark of those parts of compounds in which the last word counts; those before it
    may be any. `as_head` is the share of its weight where it is the last part of one.
    """

    words: tuple[str, ...]
    weight: float
    part: str = analysis.PART
    as_head: float = ranking.WITHIN_COMPOUND

    @property
    def forms(self) -> list[list[str]]:
        """The terms that each word may be stored as."""
        return [
            [*analysis.stems(each.words[0]), *analysis.part_stems(each.words[0], each.part)]
            for each in self.apart
        ]

    @property
    def apart(self) -> list["Alternative"]:
        """Its words one by one, each with its share of the weight.

        The last part of a compound says what the thing is, and counts more than the others.
        """
        *first, last = self.words
        share = self.weight / len(self.words)
        is_split = bool(first) and self.part == analysis.HEAD
        others = [replace(self, words=(word,), weight=share, part=analysis.PART) for word in first]
        weight = share * ranking.HEAD_OF_SPLIT if is_split else share
        return [*others, replace(self, words=(last,), weight=weight)]


@dataclass(frozen=True)
class Term:
    """A word or phrase of the question. `loose` alternatives count when there is too little else.

    `leads` is what it leads to when it is an intention. An `optional` one need not be met.
    """

    typed: str
    alternatives: tuple[Alternative, ...]
    loose: tuple[Alternative, ...] = ()
    leads: Leads | None = None
    optional: bool = False

    @property
    def says_so(self) -> list[tuple[float, tuple[str, ...], list[str]]]:
        """[(weight, fields, stems)] of lesson ideas that are about it."""
        said: set[str] = set()
        near: set[str] = set()
        for alternative in self.alternatives:
            stems = said if alternative.weight >= ranking.SYNONYM else near
            stems.update(analysis.stem(word) for word in alternative.words)
        return [
            (ranking.LESSON_FIRST, ranking.SAYS_SO, sorted(said)),
            (ranking.LESSON_NEAR, ("title",), sorted(near)),
        ]

    @property
    def codes(self) -> list[str]:
        """The codes of what it leads to: kinds of material, or else for whom."""
        codes = self.leads.codes if self.leads else {}
        if "category_names" in codes:
            return list(codes["category_names"])
        return list(codes.get("keywords", ())) if self.optional else []


@dataclass(frozen=True)
class ParsedQuery:
    """`correction` is the question as it was probably meant, when a word was misspelt."""

    terms: tuple[Term, ...]
    correction: str = ""

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def required(self) -> list[list[Term]]:
        """What must be met: groups of terms of which one will do.

        That is every term that is not optional, or all if there are no others. Of several things
        that somebody wants to do ("mäta och väga") one will do: what fits both comes first anyway.
        """
        musts = [each for each in self.terms if not each.optional] or list(self.terms)
        to_do = [each for each in musts if each.leads and each.leads.is_to_do]
        alone = [[each] for each in musts if each not in to_do]
        return [to_do, *alone] if to_do else alone

    @property
    def wanted(self) -> list[Term]:
        """The optional terms, where there are others."""
        optional = [each for each in self.terms if each.optional]
        return optional if len(optional) < len(self.terms) else []


def parse_query(
    text: str,
    *,
    exactly: bool = False,
    table: SynonymTable | None = None,
    intended: IntentionTable | None = None,
) -> ParsedQuery:
    """Read the question `text` by the rules and intentions in force, or by those given.

    With `exactly`, nothing is taken for a slip of the pen.
    """
    table = table or synonyms.table()
    words = analysis.words(text)[:MOST_WORDS]
    known = [(word, False) if exactly else probable(word, table) for word in words]
    words = [word for word, _corrected in known]
    correction = " ".join(words) if any(corrected for _word, corrected in known) else ""
    intended = intended or intentions.table()
    matches = intended.match(words)
    terms = [intended_term(words, match, table) for match in matches]
    covered = {place for match in matches for place in match.places}
    rest = [word for place, word in enumerate(words) if place not in covered]
    named = list(named_terms(rest, table))
    fits = any(not match.leads.is_only_for_whom for match in matches)
    terms += [said_beside(each, table, intended) for each in named] if fits else named
    return ParsedQuery(tuple(bounded(each, len(terms)) for each in terms), correction)


def named_terms(words: list[str], table: SynonymTable) -> Iterator[Term]:
    """The terms for words that say no intention; phrases that have synonyms stay together."""
    position = 0
    while position < len(words):
        length = next(
            length
            for length in range(LONGEST_PHRASE, 0, -1)
            if length == 1 or has_phrase(table, words[position : position + length], length)
        )
        yield term(tuple(words[position : position + length]), table)
        position += length


def said_beside(term: Term, table: SynonymTable, intended: IntentionTable) -> Term:
    """A `term` beside an intention: a must only if it names a material, as in "mjukt tyg"."""
    words = term.typed.split()
    names = table.has(words) or any(intended.names_material(word) for word in words)
    return term if names else replace(term, optional=True)


def intended_term(words: list[str], match: Match, table: SynonymTable) -> Term:
    """The `Term` for the words of a question that say an intention."""
    said = tuple(words[place] for place in match.places)
    named = [term((word,), table) for word in match.telling]
    alternatives = {said: ranking.TYPED}
    for each in named:
        alternatives |= {
            alternative.words: beside_codes(alternative) for alternative in each.alternatives
        }
    for phrase in match.leads.words:
        alternatives[phrase] = max(ranking.INTENDED, alternatives.get(phrase, 0))
    return Term(
        typed=" ".join(said),
        alternatives=tuple(alternative(*each) for each in alternatives.items()),
        loose=tuple(loose for each in named for loose in each.loose),
        leads=match.leads,
        optional=match.leads.is_only_for_whom,
    )


def alternative(words: tuple[str, ...], weight: float) -> Alternative:
    """A way to say it. Another word for the thing counts where it says what a compound is, and so
    does the last part of one that is taken apart."""
    says_what = weight in ranking.OTHER_WORDS if len(words) == 1 else weight == ranking.SPLIT
    return Alternative(words, weight, analysis.HEAD if says_what else analysis.PART)


def named(alternative: Alternative) -> Alternative:
    """A way to name the thing itself, which the last part of a compound does nearly as well."""
    return replace(alternative, as_head=ranking.HEAD_OF_COMPOUND)


def beside_codes(alternative: Alternative) -> float:
    """Its weight where an intention says what fits: what a word leads to tells less than that."""
    if alternative.weight == ranking.LEADS_TO:
        return ranking.INTENDED
    return alternative.weight


def terms_by_share(alternatives: Iterable[Alternative], *, exact: bool) -> list[tuple]:
    """[(share of a field's weight, terms)] by which words are found in a field, the best first."""
    shares: dict[float, list[str]] = {}
    for alternative in alternatives:
        (word,) = alternative.words
        weight = alternative.weight
        shares.setdefault(weight, []).extend(analysis.stems(word))
        as_head = weight * alternative.as_head
        shares.setdefault(as_head, []).extend(analysis.part_stems(word, analysis.HEAD))
        if alternative.part == analysis.HEAD:
            continue
        within = weight * ranking.WITHIN_COMPOUND
        shares.setdefault(within, []).extend(analysis.part_stems(word, alternative.part))
        if exact and weight == ranking.TYPED:
            shares.setdefault(ranking.EXACT, []).append(analysis.EXACT + word)
    return sorted(shares.items(), reverse=True)


def bounded(term: Term, number: int) -> Term:
    """Keep the best alternatives of one of `number` terms, so that many words cost no more."""
    most = MOST_ALTERNATIVES // number
    alternatives = sorted(term.alternatives, key=lambda alternative: -alternative.weight)[:most]
    return replace(
        term, alternatives=tuple(alternatives), loose=term.loose[: most - len(alternatives)]
    )


def has_phrase(table: SynonymTable, words: list[str], length: int) -> bool:
    return len(words) == length and table.has(words)


def probable(word: str, table: SynonymTable) -> tuple[str, bool]:
    """(The word that was probably meant, whether that is a correction worth telling)."""
    known = vocabulary()
    if complete := known.with_diacritics(word):
        return complete, False
    if known.knows(word) or table.has([word]) or analysis.known(word):
        return word, False
    if translated := analysis.in_swedish(word):
        return translated, True
    if analysis.parts(word):
        return word, False
    closest = known.closest(word)
    return (closest, True) if closest else (word, False)


def term(words: tuple[str, ...], table: SynonymTable) -> Term:
    """The `Term` for a word, or for a phrase that has synonyms."""
    alternatives = ways_to_say(words, table)
    loose: dict[tuple[str, ...], float] = {}
    if len(words) == 1:
        for longer in vocabulary().longer(words[0]):
            alternatives.setdefault((longer,), ranking.SPLIT)
        *first, last = analysis.pieces(words[0]) or [""]
        for piece in first:
            loose.setdefault((piece,), ranking.FIRST_PIECE)
        if last:
            loose[(last,)] = ranking.PIECE
    for phrase, weight in list(alternatives.items()):
        if (
            weight >= ranking.SYNONYM
            and len(phrase) == 1
            and (last := analysis.last_part(phrase[0]))
        ):
            loose.setdefault((last,), ranking.PIECE)
    return Term(
        typed=" ".join(words),
        alternatives=tuple(named(alternative(*each)) for each in alternatives.items()),
        loose=tuple(
            named(Alternative(*each)) for each in loose.items() if each[0] not in alternatives
        ),
    )


def ways_to_say(words: tuple[str, ...], table: SynonymTable) -> dict[tuple[str, ...], float]:
    """{words: weight} of what somebody may mean by a word or phrase, as asked for first."""
    found = {words: ranking.TYPED}
    for phrase in table.same(words)[:MOST_SYNONYMS]:
        found.setdefault(phrase, ranking.SYNONYM)
    for phrase in table.leads_to(words)[:MOST_SYNONYMS]:
        found.setdefault(phrase, ranking.LEADS_TO)
    if len(words) == 1 and PAPER_SIZE.fullmatch(words[0]):
        # A sheet of another size can be cut, or will do.
        for size in PAPER_SIZES:
            found.setdefault((size,), ranking.LEADS_TO)
    if len(words) == 1:
        # Another word for a compound is taken apart as well.
        same = [each for each, weight in found.items() if weight >= ranking.SYNONYM]
        for split in [analysis.parts(each[0]) for each in same if len(each) == 1]:
            if split:
                found.setdefault(split, ranking.SPLIT)
    return found
