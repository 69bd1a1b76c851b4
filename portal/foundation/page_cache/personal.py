"""The parts of a page that are for its reader alone, each made by a function that a room registers.

See `frames` for how they come into pages that are kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.template import Context, Node, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString, mark_safe

Part = Callable[..., str]
PARTS: dict[str, Part] = {}


@dataclass(frozen=True)
class Hole:
    """Where a part comes, and what its function is called with beside the request."""

    name: str
    asked: tuple[str | int | None, ...] = ()


def personal_part(name: str) -> Callable[[Part], Part]:
    """Register what makes the part `name`: a function of the request, None outside of one, and of
    the values given to the tag, which returns HTML."""

    def register(part: Part) -> Part:
        PARTS[name] = part
        return part

    return register


@personal_part("nonce")
def nonce(request: HttpRequest) -> str:
    return str(request.csp_nonce)  # type: ignore[attr-defined]


def render_part(request: HttpRequest | None, hole: Hole) -> SafeString:
    return mark_safe(PARTS[hole.name](request, *hole.asked))  # noqa: S308  # HTML, see above


def is_frame(request: HttpRequest | None) -> bool:
    """Whether the page is made to be kept, for `request` from nobody in particular."""
    return hasattr(request, "holes")


def leave_hole(seen: HttpRequest, hole: Hole) -> str:
    """Note a hole of the page that is being made, and return what stands in its place."""
    seen.holes.append(hole)  # type: ignore[attr-defined]
    return f"{seen.mark}{len(seen.holes) - 1}-"  # type: ignore[attr-defined]


class PersonalNode(Node):
    def __init__(self, name: str, asked: Sequence[FilterExpression]) -> None:
        self.name, self.asked = name, asked

    def render(self, context: Context) -> SafeString:
        request = context.get("request")
        hole = Hole(self.name, tuple(each.resolve(context) for each in self.asked))
        if getattr(request, "is_shared", False):
            raise TemplateSyntaxError(f"What is personal ({self.name}) must not be shared.")
        if request is not None and is_frame(request):
            return mark_safe(leave_hole(request, hole))  # noqa: S308  # our own mark
        return render_part(request, hole)


def personal(parser: Parser, token: Token) -> PersonalNode:
    """`{% personal name value … %}`: a part for the reader alone. The values must be small: they
    are all that the part gets to know of the page."""
    words = token.split_contents()[1:]
    if not words:
        raise TemplateSyntaxError("personal needs a name.")
    name, *asked = words
    return PersonalNode(name, [parser.compile_filter(word) for word in asked])
