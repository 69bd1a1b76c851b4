"""Which names of material somebody means. Search knows the language, and says what it takes."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

# Whether a name is one of what is meant.
Means: TypeAlias = Callable[[str], bool]
Reader: TypeAlias = Callable[[Iterable[str]], Means]


def part_of_name(words: Iterable[str]) -> Means:
    """What to do without search: all words stand in the name."""
    said = [word.casefold() for word in words]
    return lambda name: all(word in name.casefold() for word in said)


_readers: list[Reader] = [part_of_name]


def use(reader: Reader) -> None:
    """Read words with `reader` from now on."""
    _readers[:] = [reader]


def meant_by(words: Iterable[str]) -> Means:
    """What tells of a name whether `words` mean it."""
    return _readers[0](words)
