"""What words are made of: Swedish stems, compounds and measures, for both engines.

Both engines compare the `terms` that are made here, and questions are taken apart here for both.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from threading import local

import snowballstemmer

from search.query.lexicon import TRANSLATION, Lexicon, best_split

DATA = Path(__file__).parent / "data"
WORD = re.compile(r"\d+(?:\.\d+)?[\w²³]*|[\w²³]+")
# Measures are one word, whichever way they are written: "0,5 liter", "0.5 l" and "0,5l".
DECIMAL_COMMA = (re.compile(r"(?<=\d),(?=\d)"), ".")
LONG_UNITS = [
    (re.compile(rf"(?<=\d)\s*(?:{long})\b"), short)
    for long, short in {
        "liter|litre|litres": "l",
        "deciliter": "dl",
        "meter|metre|metres": "m",
        "centimeter": "cm",
        "millimeter": "mm",
        "gram": "g",
        "kilo|kilogram": "kg",
    }.items()
]
UNIT = (re.compile(r"(?<=\d)\s+(?=(?:mm|cm|dm|m|kg|g|dl|cl|l)\b)"), "")
LONGEST_WORD = 60
LEAST_PART = 3
LEAST_TAIL = 4
# möbel and möbler, spegel and speglar: an unstressed e comes and goes before l, n and r.
FLEETING_E = re.compile(r"(?<=\w[^aeiouyåäö])([lnr])$")
# broar, sjöarna: the stemmer leaves words alone that would be shorter than three letters without
# their ending.
SHORT_PLURAL = re.compile(r"([^aouåeiyäö]{1,3}[aouåeiyäö])ar(?:na)?s?")
# Mark a term that is only a part of a compound, and a word as it is written. Figures, since every
# tokeniser keeps those.
PART = "0"
EXACT = "1"
# Mark the last part of a compound, which says what the thing is: låda in trälåda.
HEAD = "6"
# Last parts that only say how much of a thing there is: läderspill is läder. As stems.
REMNANTS = frozenset(["bit", "prov", "rems", "rest", "spill"])
# Mark a word that is kept without its diacritics as well.
PLAIN = "5"
# Mark what a thing is by its code rather than by a word.
CATEGORY, AGE, SUBJECT = "2", "3", "4"
lexicon = Lexicon(DATA / "lexicon_sv.txt")
translations = Lexicon(DATA / "translations_sv.txt")


def lines(name: str) -> list[str]:
    """The words or rules of a data file, without empty lines and comments."""
    text = (DATA / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


def in_swedish(word: str) -> str:
    """A word for material in another language (Finnish, Polish, Turkish …) in Swedish, or empty."""
    return translations.get(TRANSLATION, word) or ""


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """A teacher's way of asking ("något som man kan …"), not what she asks for."""
    return frozenset(lines("stop_words.txt"))


@lru_cache(maxsize=1)
def compound_words() -> frozenset[str]:
    return frozenset(lines("compound_words_sv.txt"))


@lru_cache(maxsize=1)
def compound_exceptions() -> frozenset[str]:
    """The stems of what looks like a compound and is none, or means something else."""
    return frozenset(stem(word) for word in lines("compound_exceptions_sv.txt"))


@lru_cache(maxsize=1)
def compound_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in compound_words())


@lru_cache(maxsize=1)
def compound_heads() -> frozenset[str]:
    """What compounds may begin with: the words, and those in -a without it (lampa, lampskärm)."""
    short = {
        word[:-1] for word in compound_words() if word.endswith("a") and len(word) > LEAST_TAIL
    }
    return compound_words() | short


@lru_cache(maxsize=1)
def stem_overrides() -> dict[str, str]:
    """{word: stem} where the stemmer would go wrong, or stop short of the verb (odling, odla)."""
    found = {}
    for line in lines("stem_exceptions_sv.txt"):
        forms = [form.strip() for form in line.split(",")]
        found.update(dict.fromkeys(forms, forms[0]))
    for verb in compound_words():
        if verb.endswith("a") and f"{verb[:-1]}ing" not in found:
            for ending in ("ing", "ning"):
                noun = verb[:-1] + ending
                if noun in compound_words():
                    forms = [noun + form for form in ("", "en", "ens", "ar", "arna", "s")]
                    found.update(dict.fromkeys(forms, stemmers.by_language["sv"].stemWord(verb)))
    return found


class Stemmers(local):
    """A stemmer keeps the word it works on in itself, so each thread has its own."""

    def __init__(self) -> None:
        self.by_language = {
            "sv": snowballstemmer.stemmer("swedish"),
            "en": snowballstemmer.stemmer("english"),
        }


stemmers = Stemmers()


def normalise(text: str) -> str:
    """`text` in lower case, with measures written one way."""
    text = unicodedata.normalize("NFC", text).casefold()
    for pattern, replacement in (DECIMAL_COMMA, *LONG_UNITS, UNIT):
        text = pattern.sub(replacement, text)
    return text


def words(text: str) -> list[str]:
    """The words of `text` in lower case. The most common ones are left out if others are left."""
    found = [word[:LONGEST_WORD] for word in WORD.findall(normalise(text))]
    return [word for word in found if word not in stop_words()] or found


def fold(word: str) -> str:
    """`word` without diacritics: möbel → mobel."""
    if word.isascii():
        return word
    return "".join(
        character
        for character in unicodedata.normalize("NFD", word)
        if not unicodedata.combining(character)
    )


@lru_cache(maxsize=50_000)
def stem(word: str, language: str = "sv") -> str:
    """The stem of `word`; numbers and short words as they are."""
    if len(word) < 4 or word[0].isdigit():
        return word
    if language != "sv":
        return stemmers.by_language[language].stemWord(word)
    if word in stem_overrides():
        return stem_overrides()[word]
    if (short := SHORT_PLURAL.fullmatch(word)) and lexicon.is_whole(short[1]):
        return short[1]
    return plain_stem(lexicon.base(word) if known(word) else with_base_of_last(word))


def stems(word: str) -> list[str]:
    """The stems that a word of a question may be stored as: Swedish, and English if it may be.

    A Swedish word is never read as English where that makes it another: "virke" is not "virka". Nor
    as one with diacritics: "spann" is not "spänn". What is no Swedish word may lack them: "mobler".
    """
    own, english = stem(word), stem(word, "en")
    swedish = word in stem_overrides() or known(word)
    found = [own] if own == english or (swedish and lexicon.is_whole(english)) else [own, english]
    if not swedish and word.isascii():
        found.append(PLAIN + own)
    return found


def part_stems(word: str, mark: str = PART) -> list[str]:
    """The terms that `word` may be stored as where it is only a part of a compound.

    With the mark `HEAD`, where it is the last part.
    """
    own, *others = stems(word)
    plain = [PLAIN + mark + own] if PLAIN + own in others else []
    return [mark + own, *plain]


def plain_stem(word: str) -> str:
    stemmed = stemmers.by_language["sv"].stemWord(word)
    with_e = FLEETING_E.sub(r"e\1", stemmed)
    if with_e != stemmed and lexicon.tail(with_e) is not None:
        return with_e
    return stemmed


@lru_cache(maxsize=50_000)
def known(word: str) -> bool:
    """Whether the lexicon has `word`, in any form, as a word of its own."""
    return lexicon.is_whole(plain_stem(lexicon.base(word)))


def with_base_of_last(word: str) -> str:
    """A compound with its last part as the lexicon has it: hjulaxlar → hjulaxel."""
    split = best_split(word, lexicon.head, _ending)
    return word[: -len(split[-1])] + lexicon.base(split[-1]) if split else lexicon.base(word)


def _ending(word: str) -> int | None:
    return lexicon.tail(plain_stem(lexicon.base(word)))


@lru_cache(maxsize=20_000)
def parts(word: str) -> tuple[str, ...]:
    """The known words that a Swedish compound is made of: "kartonglådor" → ("kartong", "lådor").

    Empty when it cannot be taken apart completely, or is a word of its own: verktyg. A binding s
    between the parts is let go.
    """
    if stem(word) in compound_exceptions() or len(word) < 2 * LEAST_PART:
        return ()
    if split := material_parts(word):
        return split
    return () if known(word) else best_split(word, lexicon.head, _ending)


def material_parts(word: str) -> tuple[str, ...]:
    """The parts of a compound of words for materials, which come before the lexicon's."""
    for cut in range(len(word) - LEAST_PART, LEAST_PART - 1, -1):
        first, rest = word[:cut], word[cut:]
        if first not in compound_heads():
            first = first.removesuffix("s")
            if first not in compound_heads():
                continue
        if rest in compound_words() or stem(rest) in compound_stems():
            return (first, rest)
        if split := material_parts(rest):
            return (first, *split)
    return ()


@lru_cache(maxsize=20_000)
def last_part(word: str) -> str:
    """The known word that `word` ends with, which says what the thing is: flyttkartonger."""
    if stem(word) in compound_exceptions():
        return ""
    # What begins in the ending is no part: garna in ungarna.
    most = len(plain_stem(word)) - LEAST_PART
    for cut in range(2, most + 1):
        last = word[cut:]
        if last in compound_words() or (len(last) >= LEAST_TAIL and stem(last) in compound_stems()):
            return last
    split = parts(word)
    return split[-1] if split else ""


def pieces(word: str) -> tuple[str, ...]:
    """The parts of `word`, or else the last one alone, or nothing."""
    return parts(word) or tuple(filter(None, [last_part(word)]))


def terms(text: str, language: str = "sv") -> list[str]:
    """The words of `text` as they are stored for comparison, each once.

    Stems, the words themselves, and the stems of the parts of compounds, each marked as what it
    is, and also without diacritics.
    """
    found = {}
    for word in words(text):
        for term in (stem(word, language), EXACT + word, *parts_of(word, language)):
            found[term] = True
            if not term.isascii():
                found[PLAIN + fold(term)] = True
    return list(found)


def code(mark: str, slug: str) -> str:
    """The term for a category, age group or subject; without what tokenisers cut words at."""
    return mark + slug.replace("-", "").replace("_", "")


def parts_of(word: str, language: str) -> list[str]:
    if language != "sv":
        return []
    found = [stem(part) for part in pieces(word)]
    heads = found[-2:] if found and found[-1] in REMNANTS else found[-1:]
    return [PART + part for part in found] + [HEAD + part for part in heads]
