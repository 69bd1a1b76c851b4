"""The Swedish lexicon: which words begin and end compounds, which are whole, and irregular forms.

It is one sorted file of lines that every process maps and none loads, so that it costs no memory
of its own and no time at start. `manage.py build_lexicon` makes it; its licences are in
`search/data/LICENCES.md`.
"""

import mmap
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

# The first letter of a line says what the word is.
HEAD = "b"  # begins compounds: kartong, smyckes; with how frequent it is
WORD = (
    "w"  # the stem of a word that is not to be taken apart: låd, verktyg; with how frequent it is
)
TRANSLATION = "t"  # a word of another language, with what it is in Swedish
FORM = "f"  # an irregular form, with the word it is a form of: böcker, bok
# How frequent a part of a compound is, or None when it is none.
Frequency = Callable[[str], int | None]
LEAST_PART = 3
MOST_PARTS = 4
# Nothing longer is a word that somebody means.
LONGEST_COMPOUND = 40


class Lexicon:
    """The lines of a sorted file, looked up by halving."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def lines(self) -> mmap.mmap:
        with self.path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def get(self, kind: str, word: str) -> str | None:
        """What the lexicon says of `word` as a `kind`, or None if it does not know it as one."""
        asked, lines = f"{kind}{word}\t".encode(), self.lines
        low, high = 0, len(lines)
        while low < high:
            middle = (low + high) // 2
            start = lines.rfind(b"\n", low, middle) + 1 or low
            end = lines.find(b"\n", middle)
            line = lines[start:end]
            if line.startswith(asked):
                return line[len(asked) :].decode()
            if line < asked:
                low = end + 1
            else:
                high = start
        return None

    def is_whole(self, stem: str) -> bool:
        """Whether the word with this stem is one by itself, whatever it looks like: verktyg."""
        return self.get(WORD, stem) is not None

    def base(self, word: str) -> str:
        """The word that `word` is an irregular form of, or `word` itself."""
        return self.get(FORM, word) or word

    def head(self, word: str) -> int | None:
        """How frequent `word` is (0–7), if compounds begin with it."""
        return _number(self.get(HEAD, word))

    def tail(self, stem: str) -> int | None:
        """How frequent the word with this stem is (0–7), if compounds end with it."""
        return _number(self.get(WORD, stem))


def _number(value: str | None) -> int | None:
    """`value` as a number; a word that has none is never a part of another."""
    return int(value) if value else None


def best_split(word: str, head: Frequency, tail: Frequency) -> tuple[str, ...]:
    """The parts of a compound: as few as possible, and of those the most frequent.

    `head` and `tail` say how frequent a part is, or None when it is no word. Empty if none fits.
    """
    for number in range(2, MOST_PARTS + 1) if len(word) <= LONGEST_COMPOUND else ():
        found = list(_splits(word, number, head, tail))
        if found:
            # Between equals the longest last part: glas+mosaik, not glasmo+saik.
            return max(found, key=lambda each: (each[0], len(each[1][-1])))[1]
    return ()


def _splits(
    word: str, number: int, head: Frequency, tail: Frequency
) -> Iterator[tuple[int, tuple]]:
    """(how frequent its rarest part is, parts) of each way to take `word` apart in `number`."""
    if number == 1:
        if (frequent := tail(word)) is not None:
            yield frequent, (word,)
        return
    for cut in range(LEAST_PART, len(word) - LEAST_PART * (number - 1) + 1):
        if (frequent := head(word[:cut])) is None:
            continue
        for rest, parts in _splits(word[cut:], number - 1, head, tail):
            yield min(frequent, rest), (word[:cut], *parts)
