"""The words that can be found: to tell a slip of the pen, and what was meant instead."""

from functools import lru_cache
from uuid import uuid4

from django.core.cache import cache

from . import analysis, synonyms
from .models import SearchWord

STAMP = "search:vocabulary"
SECONDS = 300
# Nobody misspells the first letter of a short word and is still understood.
LEAST_LENGTH = 4
TWO_SLIPS_FROM = 8


class Vocabulary:
    """All words of what is searchable and of the synonyms, found by how they look."""

    def __init__(self, words):
        self.words = set(words)
        self.stems = {analysis.stem(word) for word in self.words}
        self.stems.update(analysis.stem(word, "en") for word in self.words)
        self.folded = {}
        self.shelves = {}
        for word in sorted(self.words):
            if not word[0].isdigit():
                if not word.isascii():
                    self.folded.setdefault(analysis.fold(word), word)
                    self.folded.setdefault(analysis.fold(analysis.stem(word)), word)
                self.shelves.setdefault((analysis.fold(word[0]), len(word)), []).append(word)

    def knows(self, word):
        return (
            word in self.words
            or analysis.stem(word) in self.stems
            or len(word) < LEAST_LENGTH
            or any(character.isdigit() for character in word)
        )

    def with_diacritics(self, word):
        """The known word that `word` is without its diacritics, or nothing: mobel → möbel."""
        if word in self.words:
            return ""
        if complete := self.folded.get(word):
            return complete
        return "" if self.knows(word) else self.folded.get(analysis.stem(word), "")

    def closest(self, word):
        """The known word that is only a slip of the pen away, or nothing."""
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        first = analysis.fold(word[0])
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


def slips_between(one, other, limit):
    """How many letters are wrong, missing, too many or swapped; more than `limit` is not counted.

    The optimal string alignment distance. Diacritics left out are no slip.
    """
    one, other = analysis.fold(one), analysis.fold(other)
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


def vocabulary():
    """The vocabulary in force. Kept in the process until words are added or minutes have passed."""
    return _load(cache.get_or_set(STAMP, lambda: uuid4().hex, SECONDS), synonyms.table())


@lru_cache(maxsize=1)
def _load(_stamp, table):
    return Vocabulary({*SearchWord.objects.values_list("word", flat=True), *table.words()})


def learn(texts):
    """Remember the words of `texts`."""
    found = {word for text in texts for word in analysis.words(text)}
    if not found:
        return
    new = found - set(SearchWord.objects.filter(word__in=found).values_list("word", flat=True))
    if new:
        SearchWord.objects.bulk_create(
            [SearchWord(word=word) for word in sorted(new)], ignore_conflicts=True
        )
        cache.delete(STAMP)
