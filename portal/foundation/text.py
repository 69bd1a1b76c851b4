"""Text of cells and headings as it was meant: clean, with plain spaces."""

import re

from portal.foundation.text_cleaning.cleaning import clean_text

SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")


def tidy(text: str) -> str:
    """Return `text` clean, with plain spaces and line breaks, without space around it."""
    return SPACES.sub(" ", clean_text(text)).strip()


def one_line(text: str) -> str:
    """Return `text` tidy and on one line, with single spaces."""
    return " ".join(tidy(text).split())
