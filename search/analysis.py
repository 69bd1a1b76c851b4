"""What words are made of: Swedish stems, compounds and measures, for both engines.

Elasticsearch stems and splits what it indexes by its own analysis (see `documents`); the database
compares the `terms` that are made here. Questions are taken apart here for both.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from threading import local

import snowballstemmer

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
# möbel and möbler, spegel and speglar: an unstressed e comes and goes before l, n and r.
FLEETING_E = re.compile(r"(?<=\w\w)e([lnr])$")
LONGEST_WORD = 60
LEAST_PART = 3
LEAST_TAIL = 4
# Mark a term that is only a part of a compound, and a word as it is written. Figures, since every
# tokeniser keeps those.
PART = "0"
EXACT = "1"


def lines(name):
    """The words or rules of a data file, without empty lines and comments."""
    text = (DATA / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


@lru_cache(maxsize=1)
def stop_words():
    """A teacher's way of asking ("något som man kan …"), not what she asks for."""
    return frozenset(lines("stop_words.txt"))


@lru_cache(maxsize=1)
def compound_words():
    return frozenset(lines("compound_words_sv.txt"))


@lru_cache(maxsize=1)
def compound_exceptions():
    """Words that look like compounds and are not, or mean something else than their parts."""
    return frozenset(lines("compound_exceptions_sv.txt"))


@lru_cache(maxsize=1)
def compound_stems():
    return frozenset(stem(word) for word in compound_words())


@lru_cache(maxsize=1)
def compound_heads():
    """What compounds may begin with: the words, and those in -a without it (lampa, lampskärm)."""
    short = {
        word[:-1] for word in compound_words() if word.endswith("a") and len(word) > LEAST_TAIL
    }
    return compound_words() | short


@lru_cache(maxsize=1)
def stem_overrides():
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

    def __init__(self):
        self.by_language = {
            "sv": snowballstemmer.stemmer("swedish"),
            "en": snowballstemmer.stemmer("english"),
        }


stemmers = Stemmers()


def normalise(text):
    """`text` in lower case, with measures written one way."""
    text = unicodedata.normalize("NFC", text).casefold()
    for pattern, replacement in (DECIMAL_COMMA, *LONG_UNITS, UNIT):
        text = pattern.sub(replacement, text)
    return text


def words(text):
    """The words of `text` in lower case. The most common ones are left out if others are left."""
    found = [word[:LONGEST_WORD] for word in WORD.findall(normalise(text))]
    return [word for word in found if word not in stop_words()] or found


def fold(word):
    """`word` without diacritics: möbel → mobel."""
    if word.isascii():
        return word
    return "".join(
        character
        for character in unicodedata.normalize("NFD", word)
        if not unicodedata.combining(character)
    )


@lru_cache(maxsize=50_000)
def stem(word, language="sv"):
    """The stem of `word`; numbers and short words as they are."""
    if len(word) < 4 or word[0].isdigit():
        return word
    if language == "sv" and word in stem_overrides():
        return stem_overrides()[word]
    stemmed = stemmers.by_language[language].stemWord(word)
    return FLEETING_E.sub(r"\1", stemmed) if language == "sv" else stemmed


@lru_cache(maxsize=20_000)
def parts(word):
    """The known words that a Swedish compound is made of: "kartonglådor" → ("kartong", "lådor").

    Empty when it cannot be taken apart completely. A binding s between the parts is let go.
    """
    if word in compound_exceptions() or len(word) < 2 * LEAST_PART:
        return ()
    for cut in range(len(word) - LEAST_PART, LEAST_PART - 1, -1):
        first, rest = word[:cut], word[cut:]
        if first not in compound_heads():
            first = first.removesuffix("s")
            if first not in compound_heads():
                continue
        if rest in compound_words() or stem(rest) in compound_stems():
            return (first, rest)
        if split := parts(rest):
            return (first, *split)
    return ()


@lru_cache(maxsize=20_000)
def last_part(word):
    """The known word that `word` ends with, which says what the thing is: flyttkartonger."""
    if word in compound_exceptions():
        return ""
    for cut in range(2, len(word) - LEAST_PART + 1):
        last = word[cut:]
        if last in compound_words() or (len(last) >= LEAST_TAIL and stem(last) in compound_stems()):
            return last
    return ""


def pieces(word):
    """The parts of `word`, or else the last one alone, or nothing."""
    return parts(word) or tuple(filter(None, [last_part(word)]))


def terms(text, language="sv"):
    """The words of `text` as they are stored for comparison, each once.

    Stems, the words themselves, and the stems of the parts of compounds, each marked as what it
    is, and also without diacritics.
    """
    found = {}
    for word in words(text):
        for term in (stem(word, language), EXACT + word, *parts_of(word, language)):
            found[term] = found[fold(term)] = True
    return list(found)


def parts_of(word, language):
    if language != "sv":
        return []
    return [PART + stem(part) for part in pieces(word)]
