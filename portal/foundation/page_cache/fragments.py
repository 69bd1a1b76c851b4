"""The parts of a page that are the same for everybody, each kept while what it shows is.

So a page that has changed in one place need not be rendered again everywhere, and somebody who is
signed in, with a header of their own, shares the rest.
"""

from collections.abc import Callable, Sequence
from copy import copy

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from .values import kept


class SharedNode(Node):
    def __init__(
        self, name: FilterExpression, asked: Sequence[FilterExpression], nodelist: NodeList
    ) -> None:
        self.name, self.asked, self.nodelist = name, asked, nodelist

    def render(self, context: Context) -> SafeString:
        request = context.get("request")
        if request is None or not may_be_shared(request):
            return self.nodelist.render(context)
        rendered = kept(
            f"fragment:{self.name.resolve(context)}",
            lambda: str(self.as_visitor(context, request)),
            request.scheme,
            request.get_host(),
            get_language(),
            *(each.resolve(context) for each in self.asked),
            seconds=settings.PAGE_CACHE_SECONDS,
            # A value stands for something that the page has read, which is shown.
            of_what_was_read=bool(self.asked),
        )
        return mark_safe(rendered)  # noqa: S308  # rendered by a template

    def as_visitor(self, context: Context, request: HttpRequest) -> SafeString:
        """Render the part as to a visitor, so that nothing of this person can be kept in it."""
        seen = like_a_visitor(request)
        with context.push(request=seen, user=seen.user, perms={}, messages=[], csrf_token=""):
            return self.nodelist.render(context)


def like_a_visitor(request: HttpRequest) -> HttpRequest:
    """The same question without who asks it, for what is kept for others as well."""
    seen = copy(request)
    seen.user = AnonymousUser()
    seen.is_shared = True  # type: ignore[attr-defined]
    seen._messages = []  # type: ignore[attr-defined]
    return seen


def kept_part(
    request: HttpRequest | None, name: str, render: Callable[[], str], *asked: object
) -> str:
    """HTML that is the same for all for whom `asked` is, in one language; never kept of a preview.

    As long as pages, no longer: what only some see is open to all from an hour on, with no change.
    """
    if request is not None and is_preview(request):
        return render()
    return kept(name, render, get_language(), *asked, seconds=settings.PAGE_CACHE_SECONDS)


def may_be_shared(request: HttpRequest) -> bool:
    """Whether the page is one that somebody just looks at."""
    return request.method in ("GET", "HEAD") and not is_preview(request)


def is_preview(request: HttpRequest) -> bool:
    """Whether somebody tries in the admin what is not saved: nothing of it may be kept."""
    return bool(
        getattr(request, "is_preview", False) or getattr(request, "previewed_by", None) is not None
    )


def shared(parser: Parser, token: Token) -> SharedNode:
    """`{% shared "name" value … %}…{% endshared %}`: a part that is the same for everybody.

    The values are all that it depends on besides the database, the language and the host; without
    any, it is the same on every page. It must not hold a form with a token or anything with the
    nonce of the page's policy.
    """
    _tag, *words = token.split_contents()
    if not words:
        raise TemplateSyntaxError("shared needs a name.")
    name, *asked = (parser.compile_filter(word) for word in words)
    nodelist = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode(name, asked, nodelist)
