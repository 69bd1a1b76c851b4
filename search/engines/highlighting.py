"""The piece of a text that answers a question."""

from django.utils.html import escape
from django.utils.safestring import mark_safe

from search.query import analysis
from search.query.parsing import ParsedQuery

# What a card shows of a text, in characters.
LENGTH = 120


def highlight(text: str, parsed: ParsedQuery, length: int = LENGTH) -> str:
    """The piece of `text` around the first word of the question, marked; safe HTML, or empty."""
    wanted = {
        analysis.stem(word)
        for term in parsed.terms
        for alternative in term.alternatives
        for word in alternative.words
    }
    for match in analysis.WORD.finditer(text) if wanted else ():
        word = match.group().casefold()
        if analysis.stem(word) in wanted or any(
            analysis.stem(part) in wanted for part in analysis.pieces(word)
        ):
            start = max(0, match.start() - length // 2)
            before, after = text[start : match.start()], text[match.end() : start + length]
            return mark_safe(  # noqa: S308  # each piece is escaped
                f"{'…' if start else ''}{escape(before)}<mark>{escape(match.group())}</mark>"
                f"{escape(after)}{'…' if start + length < len(text) else ''}"
            )
    return ""
