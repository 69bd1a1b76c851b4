"""Pages for those who are signed in: kept as a visitor sees them, with what is theirs filled in.

A page is made once as for a visitor. Where it says something to the reader alone it has a
`{% personal %}` tag, of which only the name and the values are kept: the part itself is made each
time. A page that asks who the reader is anywhere else is not kept, so nothing personal ever is.

Pages are always rendered for staff: Wagtail's bar needs the page itself.
"""

import logging
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from .middleware import PAGE_NUMBER, is_from_htmx, is_public, is_usual
from .personal import Hole, leave_hole, render_part
from .values import kept

logger = logging.getLogger(__name__)

# What Django and our own middleware write into a request's environment of who sends it.
WHO = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE")
# What a page is made by that is the same for everybody who asks at this address.
ALIKE = ("resolver_match", "LANGUAGE_CODE", "_wagtail_site", "htmx")


class NotTheSameForAll(Exception):
    """A page that is made as for a visitor asks who the reader is."""


class NoPage(Exception):
    """There is nothing to keep at this address: it leads elsewhere."""


@dataclass(frozen=True)
class Frame:
    """A page in pieces: text, and the holes between."""

    pieces: Sequence[bytes | Hole]
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page for the person of `request`."""
        filled = (
            each if isinstance(each, bytes) else render_part(request, each).encode()
            for each in self.pieces
        )
        return HttpResponse(b"".join(filled), headers=self.headers)


class KeepFrames:
    """Middleware: within all that decides whether somebody gets a page, in place of its view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: WSGIRequest, view: Callable, args: Sequence, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not may_have_frame(request):
            return None
        try:
            frame = kept(
                "frame",
                lambda: make_frame(request, view, args, kwargs),
                request.scheme,
                request.get_host(),
                request.get_full_path(),
                get_language(),
                seconds=settings.PAGE_CACHE_SECONDS,
            )
            return frame.answer(request) if frame else None
        except (NoPage, Http404, PermissionDenied):
            # Not kept, so that no invented address fills memory.
            return None
        except Exception:
            # What is wrong with the page its view says itself, to those who answer such faults.
            # Or nothing is: another release has kept it, with parts that this one has not got.
            logger.warning("No page can be kept at %s", request.path, exc_info=True)
            return None


def may_have_frame(request: HttpRequest) -> bool:
    """Whether somebody who is signed in just looks at a page that visitors see as well."""
    match = request.resolver_match
    return (
        bool(settings.PAGE_CACHE_SECONDS)
        and request.method in ("GET", "HEAD")
        and match is not None
        and match.view_name in settings.KEPT_PAGES
        and bool(PAGE_NUMBER.fullmatch(request.META.get("QUERY_STRING", "")))
        and not is_from_htmx(request)
        and is_usual(request.get_host())
        and request.user.is_authenticated
        and not len(get_messages(request))
        and not is_staff(request.user)
    )


def is_staff(user: AbstractUser) -> bool:
    """Whether the person may enter the admin. The bar comes a minute after a group got the right:
    asking with every page would cost as much as the session."""
    return kept("is_staff", lambda: user.has_perm("wagtailadmin.access_admin"), user.pk, seconds=60)


def make_frame(
    request: WSGIRequest, view: Callable, args: Sequence, kwargs: dict[str, Any]
) -> Frame | None:
    """The page that `view` gives a visitor, in pieces; None where it is not the same for all.

    Raises what `view` raises, and `NoPage`.
    """
    asked: list[str] = []
    seen = as_visitor(request, asked)
    try:
        response = view(seen, *args, **kwargs)
        if hasattr(response, "render"):
            response = response.render()
    except NotTheSameForAll:
        return None
    if response.status_code != HTTPStatus.OK:
        raise NoPage
    if asked or "CSRF_COOKIE" in seen.META or not is_public(seen, response):
        return None
    return Frame(in_pieces(response.content, seen), dict(response.items()))


def as_visitor(request: WSGIRequest, asked: list[str]) -> WSGIRequest:
    """The same question from nobody in particular. `asked` gets what the page wants to know.

    Asking is also refused at once; `asked` tells of it where something in between catches that.
    """

    def unknown(what: str) -> Any:
        def refuse() -> None:
            asked.append(what)
            raise NotTheSameForAll(what)

        return SimpleLazyObject(refuse)

    seen = WSGIRequest({key: each for key, each in request.environ.items() if key not in WHO})
    for name in ALIKE:
        if name in request.__dict__:
            setattr(seen, name, getattr(request, name))
    seen.user = unknown("user")
    seen.session = unknown("session")
    seen.holes = []  # type: ignore[attr-defined]
    seen.mark = f"hole-{secrets.token_hex(8)}-"  # type: ignore[attr-defined]
    seen.csp_nonce = leave_hole(seen, Hole("nonce"))  # type: ignore[attr-defined]
    return seen


def in_pieces(content: bytes, seen: HttpRequest) -> list[bytes | Hole]:
    mark = re.escape(seen.mark.encode())  # type: ignore[attr-defined]
    pieces = re.split(mark + rb"(\d+)-", content)
    # Every second one is the number of a hole.
    return [
        seen.holes[int(piece)] if at % 2 else piece  # type: ignore[attr-defined]
        for at, piece in enumerate(pieces)
    ]
