"""The typefaces that print uses. `fonts/README.md` says where they come from."""

import unicodedata
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "fonts"
EXTRA_BOLD = FOLDER / "BricolageGrotesque-ExtraBold.ttf"
MEDIUM = FOLDER / "BricolageGrotesque-Medium.ttf"
BODY = FOLDER / "NotoSans-Regular.ttf"

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Cc: control, Cs: surrogate, Cn: unassigned; PDF/UA refuses some of them, no font draws any.
UNPRINTABLE = {"Cc", "Cs", "Cn"}
BYTE_ORDER_MARK = "\ufeff"


@cache
def typefaces() -> typst.Fonts:
    """Return our own fonts and no others, so that every machine prints alike."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER]
    )


@cache
def coverage(file: Path | None = None) -> frozenset[int]:
    """Return the code points that `file`, or any of the typefaces, has a glyph for."""
    files = [file] if file else FOLDER.glob("*.ttf")
    known: set[int] = set()
    for each in files:
        with TTFont(each, lazy=True) as font:
            known.update(font["cmap"].getBestCmap())
    return frozenset(known)


def printable(text: str, *, within: Path | None = None) -> str:
    """Return `text` without control characters, with � for what no typeface has.

    With `within`, only that typeface counts.
    """
    known = coverage(within)
    return "".join(_printable(character, known) for character in text)


def _printable(character: str, known: frozenset[int]) -> str:
    category = unicodedata.category(character)
    if character == "\n":
        return character
    if category in UNPRINTABLE or character == BYTE_ORDER_MARK:
        return " " if character.isspace() else ""
    if ord(character) in known:
        return character
    if character.isspace():
        return " "
    # Invisible marks of formatting, such as the variation selectors of emoji, are left out.
    if category == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, ""):
        return ""
    return REPLACEMENT
