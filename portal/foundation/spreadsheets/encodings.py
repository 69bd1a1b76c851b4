"""Finds out in which character encoding a text file was written.

A file that is neither Unicode nor ASCII comes from Excel for Windows (cp1252), an old Mac or
MS-DOS. They differ in the bytes of å, ä and ö, so the encoding that gives the most likely Swedish
words wins, and where none does, somebody has to be asked.
"""

import codecs
import re
from collections.abc import Iterable

from portal.foundation.spreadsheets.refusals import EncodingUnclear

LEGACY = ("cp1252", "mac_roman", "cp850")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SWEDISH = frozenset("åäöÅÄÖ")
OTHERWISE_COMMON = frozenset("éÉèàüÜæøÆØ")
PUNCTUATION = frozenset("–—’‘”“…°²³½¼×§£€®™´·•«» ")
SAMPLE_LENGTH = 60
# One å in a word says more than any number of letters that are merely possible.
ENOUGH = 2


def recognise_encoding(content: bytes) -> str:
    """Return the name of the encoding of `content`. Raises `EncodingUnclear`."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding
    if unmarked := _unmarked_utf16(content):
        return unmarked
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _recognise_legacy(content)
    return "utf-8"


def _unmarked_utf16(content: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is zero."""
    head = content[:400]
    if len(head) < 4 or head.count(0) < len(head) * 0.4:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _recognise_legacy(content: bytes) -> str:
    words = re.findall(
        rb"[^\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]*[\x80-\xff][^;,\t\r\n ]*", content
    )
    different = set(words[:5_000])
    scores = {encoding: _score(different, encoding) for encoding in LEGACY}
    ranked = sorted(LEGACY, key=lambda encoding: -scores[encoding])
    best, second = ranked[0], ranked[1]
    if scores[best] >= ENOUGH and scores[best] >= scores[second] + ENOUGH:
        return best
    readings = {encoding: content.decode(encoding, "replace") for encoding in ranked}
    if all(text == readings[best] for text in readings.values()):
        return best
    raise EncodingUnclear({name: _sample(text) for name, text in readings.items()})


def _score(words: Iterable[bytes], encoding: str) -> int:
    return sum(_score_word(word.decode(encoding, "replace")) for word in words)


def _score_word(word: str) -> int:
    """How likely the letters of `word` outside ASCII are in a Swedish list of goods."""
    score = 0
    for place, letter in enumerate(word):
        if letter.isascii():
            continue
        before, after = word[place - 1 : place], word[place + 1 : place + 2]
        between = before.isalpha() and after.isalpha()
        if letter in SWEDISH:
            score += _score_swedish(letter, before, after)
        elif letter in OTHERWISE_COMMON:
            score += 1 if letter.islower() and between else 0
        elif letter not in PUNCTUATION or between:
            score -= 2
    return score


def _score_swedish(letter: str, before: str, after: str) -> int:
    """A letter of a word counts for the encoding, one alone or a capital in the middle does not."""
    if letter.isupper() and before.islower():
        return -2
    return 3 if before.isalpha() or after.isalpha() else -1


def _sample(text: str) -> str:
    """The first line of `text` that is not plain ASCII, cut to a readable piece."""
    for line in text.splitlines():
        for match in re.finditer(r"[^\x00-\x7f]", line):
            start = max(0, match.start() - SAMPLE_LENGTH // 2)
            return line[start : start + SAMPLE_LENGTH].strip()
    return text[:SAMPLE_LENGTH]
