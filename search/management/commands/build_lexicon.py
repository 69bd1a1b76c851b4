"""Builds `search/data/lexicon_sv.txt` from the word lists that packages bring."""

import re
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.query import analysis
from search.query.lexicon import FORM, HEAD, WORD, best_split

LISTS = ("sv_SE", "sv_SE_expanded")
LETTERS = re.compile(r"[a-zåäöéàüè]{3,}\Z")
# Flags of hunspell's list: begins compounds, ends them, only occurs in them, nouns of any kind.
BEGINS, ENDS, NOUNS = "X", "Y", set("ADEG")
VERBS = set("NPT")
# How frequent on Zipf's scale: to be a part at all, a part of three letters, and not to be split.
LEAST, LEAST_SHORT, OWN_WORD = 1.0, 2.0, 3.5
# … and words that start compounds although the list does not mark them: markis, pop.
FREQUENT, FREQUENT_SHORT = 2.0, 3.0
HIGHEST = 7

# {word: flags}.
Words = dict[str, set[str]]
# (flag, what is stripped, what is added, what the word must look like).
Rule = tuple[str, str, str, re.Pattern[str]]


class Command(BaseCommand):
    help = (
        "Build the Swedish lexicon from hunspell-sv, simplemma and wordfreq "
        "(uv sync --group lexicon)."
    )

    def handle(self, **options: Any) -> None:
        try:
            from wordfreq import zipf_frequency
        except ImportError as error:
            raise CommandError("Install the dependency group “lexicon” first.") from error
        words, rules = read_lists()
        frequency = {word: zipf_frequency(word, "sv") for word in words}
        heads, tails = parts(words, rules, frequency)
        whole = whole_words(words, frequency, heads, tails)
        forms = irregular_forms(words, zipf_frequency)
        found = [
            *(f"{HEAD}{word}\t{number}" for word, number in heads.items()),
            *(f"{WORD}{stem}\t{tails.get(stem, '')}" for stem in whole),
            *(f"{FORM}{form}\t{base}" for form, base in forms.items()),
        ]
        lines = sorted(line.encode() for line in found)
        (analysis.DATA / "lexicon_sv.txt").write_bytes(b"\n".join(lines) + b"\n")
        self.stdout.write(
            f"{len(heads)} beginnings, {len(whole)} words, {len(forms)} irregular forms."
        )


def stem(word: str) -> str:
    return analysis.stemmers.by_language["sv"].stemWord(word)


def read_lists() -> tuple[Words, list[Rule]]:
    """({word: flags}, the affix rules that make beginnings of compounds) of hunspell's lists."""
    folder = Path(sysconfig.get_path("data")) / "share" / "hunspell"
    words: dict[str, set[str]] = {}
    for name in LISTS:
        for line in (folder / f"{name}.dic").read_text(encoding="utf-8").splitlines():
            word, _slash, flags = line.strip().partition("/")
            if LETTERS.match(word):
                words.setdefault(word, set()).update(flags)
    rules = []
    for line in (folder / f"{LISTS[0]}.aff").read_text(encoding="utf-8").splitlines():
        match = re.match(r"SFX\s+(\S)\s+(\S+)\s+(\S*)/\w*X\w*\s+(\S+)", line)
        if match:
            flag, strip, add, condition = match.groups()
            rules.append(
                (flag, strip.replace("0", ""), add.replace("0", ""), re.compile(f"{condition}$"))
            )
    return words, rules


def parts(
    words: Words, rules: list[Rule], frequency: dict[str, float]
) -> tuple[dict[str, int], dict[str, int]]:
    """({beginning: frequency}, {stem of an ending: frequency}), with frequencies from 0 to 7."""
    heads: dict[str, int] = {}
    tails: dict[str, int] = {}
    for word, flags in words.items():
        often = frequency[word]
        number = min(int(often), HIGHEST)
        for head in beginnings(word, flags, often, rules):
            heads[head] = max(number, heads.get(head, 0))
        rare = often < (LEAST_SHORT if len(word) == 3 else LEAST)
        if (flags & NOUNS or ENDS in flags) and not rare:
            tails[stem(word)] = max(number, tails.get(stem(word), 0))
    return heads, tails


def beginnings(word: str, flags: set[str], often: float, rules: list[Rule]) -> Iterator[str]:
    """The forms of `word` that compounds begin with."""
    frequent = often >= (FREQUENT_SHORT if len(word) == 3 else FREQUENT)
    if BEGINS in flags or (frequent and flags & NOUNS):
        yield word
    if frequent and flags & VERBS and word.endswith("a") and len(word) > 3:
        yield word[:-1]
    for flag, strip, add, condition in rules:
        if flag in flags and condition.search(word) and word.endswith(strip):
            yield word[: len(word) - len(strip)] + add


def whole_words(
    words: Words, frequency: dict[str, float], heads: dict[str, int], tails: dict[str, int]
) -> set[str]:
    """The stems of words that cannot be taken apart, or are frequent enough to be their own."""

    def tail(word: str) -> int | None:
        return tails.get(stem(word))

    return {
        stem(word)
        for word in words
        if frequency[word] >= OWN_WORD
        or (frequency[word] >= LEAST and not best_split(word, heads.get, tail))
    }


def irregular_forms(words: Words, zipf_frequency: Callable[[str, str], float]) -> dict[str, str]:
    """{form: word} where the stemmer makes another stem of the form than of the word."""
    # Of the dependency group “lexicon”, as above.
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory

    dictionary = DefaultDictionaryFactory().get_dictionary("sv")
    pairs = [(form, base) for form, base in dictionary.items() if form != base]
    bases = set(dictionary.values())
    return {
        form: base
        for form, base in pairs
        if LETTERS.match(form)
        and LETTERS.match(base)
        and form not in bases
        and base in words
        # An own entry is a form only if it is a plural: böcker, not matta.
        and (form not in words or form.endswith("er"))
        and stem(form) != stem(base)
        and zipf_frequency(form, "sv") >= LEAST
    }
