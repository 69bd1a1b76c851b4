"""The words that can be found: to tell a slip of the pen, and what was meant instead."""

from collections.abc import Iterable
from functools import lru_cache

from portal.foundation.caching import Stamp
from search.index.models import SearchWord
from search.query import analysis as query_analysis
from search.query.analysis import LEAST_PART, fold, known, parts, stem
from search.synonyms import services as synonyms_services
from search.synonyms.rules import Table

STAMP = Stamp("search:vocabulary", seconds=300)
# Nobody misspells the first letter of a short word and is still understood.
LEAST_LENGTH = 4
TWO_SLIPS_FROM = 8
MOST_LONGER = 6


class Vocabulary:
    """All words of what is searchable and of the synonyms, found by how they look."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = set(words)
        self.stems = {stem(word) for word in self.words}
        self.stems.update(stem(word, "en") for word in self.words)
        self.folded: dict[str, str] = {}
        self.shelves: dict[tuple[str, int], list[str]] = {}
        for word in sorted(self.words):
            if not word[0].isdigit():
                if not word.isascii():
                    self.folded.setdefault(fold(word), word)
                    self.folded.setdefault(fold(stem(word)), word)
                self.shelves.setdefault((fold(word[0]), len(word)), []).append(word)

    def knows(self, word: str) -> bool:
        return (
            word in self.words
            or stem(word) in self.stems
            or len(word) < LEAST_LENGTH
            or any(character.isdigit() for character in word)
        )

    def longer(self, word: str) -> list[str]:
        """The words that begin or end with `word` and are not taken apart by the lexicon."""
        forms = {form for form in (word, stem(word)) if len(form) >= LEAST_LENGTH}
        found = (
            each
            for each in self.words
            for form in forms
            if len(each) >= len(form) + LEAST_PART
            and (each.startswith(form) or each.endswith(form))
        )
        return [each for each in sorted(found) if not known(each) and not parts(each)][:MOST_LONGER]

    def with_diacritics(self, word: str) -> str:
        """The known word that `word` is without its diacritics, or nothing: mobel → möbel."""
        if word in self.words:
            return ""
        if complete := self.folded.get(word):
            return complete
        return "" if self.knows(word) else self.folded.get(stem(word), "")

    def closest(self, word: str) -> str:
        """The known word that is only a slip of the pen away, or nothing."""
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        first = fold(word[0])
        candidates = (
            known
            for length in range(len(word) - slips, len(word) + slips + 1)
            for known in self.shelves.get((first, length), ())
        )
        scored = (
            (distance, abs(len(known) - len(word)), known)
            for known in candidates
            if (distance := slips_between(word, known, slips)) <= slips
        )
        return min(scored, default=(0, 0, ""))[2]


def slips_between(one: str, other: str, limit: int) -> int:
    """How many letters are wrong, missing, too many or swapped; more than `limit` is not counted.

    The optimal string alignment distance. Diacritics left out are no slip.
    """
    one, other = fold(one), fold(other)
    before, previous = None, list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        current = [i]
        for j, b in enumerate(other, start=1):
            cost = min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (a != b))
            if before and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]


def vocabulary() -> Vocabulary:
    """The vocabulary in force. Kept in the process until words are added or minutes have passed."""
    return _load(STAMP.current(), synonyms_services.table())


@lru_cache(maxsize=1)
def _load(_stamp: str, table: Table) -> Vocabulary:
    return Vocabulary({*SearchWord.objects.values_list("word", flat=True), *table.words()})


def learn(texts: Iterable[str]) -> None:
    """Remember the words of `texts`."""
    found = {word for text in texts for word in query_analysis.words(text)}
    if not found:
        return
    new = found - set(SearchWord.objects.filter(word__in=found).values_list("word", flat=True))
    if new:
        SearchWord.objects.bulk_create(
            [SearchWord(word=word) for word in sorted(new)], ignore_conflicts=True
        )
        STAMP.renew()
