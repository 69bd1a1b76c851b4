"""What text may consist of: letters as everybody writes them, and nothing that cannot be seen.

Pasted text brings with it what its author never saw: vertical tabs from Word, zero-width spaces
from web pages, letters in two parts from macOS. Some of it breaks XML, spreadsheets and e-mail
addresses, all of it makes equal words different.
"""

import re
import unicodedata
from typing import Any

# Line breaks that only some programs know.
LINE_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
# C0 and C1 controls except tab and line feed, which text areas hold, and NUL, which is refused.
CONTROLS = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f]")
# Soft hyphen, Mongolian and Hangul fillers, zero-width space, marks, overrides and isolates of
# direction, word joiner and invisible operators, byte order mark, annotations, tags, what is
# reserved for programs, and halves of characters.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff]"
)
# Joiners combine emoji and shape letters of some scripts; they are invisible otherwise.
LOOSE_JOINER = re.compile("(?<![^\x00-\u058f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u058f])")


def clean_text(text: str, *, keep_nul: bool = False) -> str:
    """`text` in NFC, without control and invisible characters; line breaks become line feeds.

    Controls become a space, since a break of some kind stood there. Cleaning twice changes nothing.
    NUL is removed as well, unless a form shall be able to refuse it (`keep_nul`).
    """
    if text.isascii() and text.isprintable():
        return text
    text = LINE_BREAKS.sub("\n", text)
    text = CONTROLS.sub(" ", text)
    text = LOOSE_JOINER.sub("", INVISIBLE.sub("", text))
    if not keep_nul:
        text = text.replace("\x00", "")
    return unicodedata.normalize("NFC", text)


def clean_data(data: Any, *, keep_nul: bool = False) -> Any:
    """Data as JSON knows it, with every text in it (keys too) cleaned."""
    if isinstance(data, str):
        return clean_text(data, keep_nul=keep_nul)
    if isinstance(data, dict):
        return {
            clean_data(key, keep_nul=keep_nul): clean_data(value, keep_nul=keep_nul)
            for key, value in data.items()
        }
    if isinstance(data, list | tuple):
        return [clean_data(value, keep_nul=keep_nul) for value in data]
    return data
