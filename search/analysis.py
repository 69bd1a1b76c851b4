"""Swedish and English words for the database engine, and the word lists both engines share.

Elasticsearch does this with its own analysis (see `documents`); here the same ideas in Python:
lower case, compounds split by a dictionary, stems, and å ä ö that may be left out.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import snowballstemmer

DATA = Path(__file__).parent / "data"
WORD = re.compile(r"[\w²³]+", re.UNICODE)
MIN_PART = 3
LEAST_TAIL = 4
FLEETING_E = re.compile(r"(?<=\w\w)e([lnr])$")


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
def stemmers():
    return snowballstemmer.stemmer("swedish"), snowballstemmer.stemmer("english")


def words(text):
    """The words of `text` in lower case, without the most common ones."""
    found = WORD.findall(unicodedata.normalize("NFC", text).casefold())
    return [word for word in found if word not in stop_words()]


def fold(word):
    """`word` without diacritics: möbel → mobel."""
    return "".join(
        character
        for character in unicodedata.normalize("NFD", word)
        if not unicodedata.combining(character)
    )


@lru_cache(maxsize=20_000)
def parts(word):
    """The words that a Swedish compound is made of, longest first, or nothing.

    "kartonglådor" → ["kartong", "lådor"]. A binding s between the parts is let go.
    """
    if word in compound_exceptions() or len(word) < 2 * MIN_PART:
        return ()
    known = compound_words()
    for cut in range(len(word) - MIN_PART, MIN_PART - 1, -1):
        head, tail = word[:cut], word[cut:]
        if head in known or (head.endswith("s") and head[:-1] in known):
            if tail in known or stem(tail) in stems_of_known():
                return (head.removesuffix("s") if head not in known else head, tail)
            rest = parts(tail)
            if rest:
                return (head, *rest)
    # The last part says what the thing is, whatever comes before it: flyttkartonger, glassburkar.
    for cut in range(MIN_PART, len(word) - LEAST_TAIL + 1):
        if word[cut:] in known or stem(word[cut:]) in stems_of_known():
            return (word[cut:],)
    return ()


@lru_cache(maxsize=1)
def stems_of_known():
    return frozenset(stem(word) for word in compound_words())


@lru_cache(maxsize=50_000)
def stem(word):
    """The Swedish stem of `word`, folded; numbers and short words as they are."""
    if len(word) < 4 or any(character.isdigit() for character in word):
        return fold(word)
    # möbel and möbler, spegel and speglar: an unstressed e comes and goes before l, n and r.
    return fold(FLEETING_E.sub(r"\1", stemmers()[0].stemWord(word)))


def terms(text):
    """The words of `text` as they are stored for comparison: stems, and stems of parts."""
    found = []
    for word in words(text):
        found.append(stem(word))
        found.extend(stem(part) for part in parts(word))
        english = fold(stemmers()[1].stemWord(word))
        if english != found[-1]:
            found.append(english)
    return list(dict.fromkeys(found))


@lru_cache(maxsize=4)
def synonym_table(rules):
    """{stem: stems of the words that mean the same}, from rules such as "tyg, textil, väv"."""
    table = {}
    for rule in rules:
        group = [word.strip() for word in rule.split(",")]
        # Only single words: a phrase is no alternative to a word when words are compared.
        stems = {stem(word.casefold()) for word in group if " " not in word}
        for phrase in group:
            key = tuple(stem(word) for word in words(phrase))
            table.setdefault(key, set()).update(stems)
    return table


def alternatives(text, rules):
    """For each word of a query the set of stems that may stand for it, synonyms included.

    A phrase with a synonym ("foam rubber") is one item. `rules` are the lines of the synonyms.
    """
    table = synonym_table(tuple(rules))
    found = words(text)[:20]
    result = []
    position = 0
    while position < len(found):
        for length in (3, 2, 1):
            phrase = tuple(stem(word) for word in found[position : position + length])
            if len(phrase) == length and (length == 1 or phrase in table):
                break
        word = found[position]
        choices = {stem(word)} if length == 1 else set()
        choices |= table.get(phrase, set())
        if length == 1:
            choices.add(fold(stemmers()[1].stemWord(word)))
        result.append(choices or set(phrase))
        position += length
    return result
