"""Answers a visitor with the page as it was made for the one before, while nothing has changed."""

import base64
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control

from portal.foundation.requests import SILENT

from . import versions

NONCE = re.compile(r"'nonce-([^']+)'")
PAGE_NUMBER = re.compile(r"((sida|p)=\d{1,4})?")
POLICY = "Content-Security-Policy"


@dataclass(frozen=True)
class KeptPage:
    """A page as it was answered; `nonce` is what its policy let its own styles by, `numbers` those
    of what it shows."""

    body: bytes
    nonce: str
    route: str
    numbers: versions.Numbers
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, route: str, response: HttpResponse, numbers: versions.Numbers) -> "KeptPage":
        found = NONCE.search(response.get(POLICY, ""))
        nonce = found[1] if found else ""
        body = response.content
        # The same page has the same tag, though each answer has a nonce of its own.
        neutral = body.replace(nonce.encode(), b"") if nonce else body
        digest = hashlib.blake2b(neutral, digest_size=16).hexdigest()
        return cls(
            body=body,
            nonce=nonce,
            route=route,
            numbers=numbers,
            headers=dict(response.items()) | {"ETag": f'W/"{digest}"'},
        )

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page for another visitor: 304 when their browser has it, else with a new nonce."""
        body, headers = self.body, dict(self.headers)
        if self.nonce:
            fresh = base64.b64encode(os.urandom(16)).decode()
            body = body.replace(self.nonce.encode(), fresh.encode())
            headers[POLICY] = headers[POLICY].replace(self.nonce, fresh)
        request.kept_route = self.route  # type: ignore[attr-defined]
        return conditional(request, HttpResponse(body, headers=headers))


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response`, or 304 without a policy: a browser keeps that of the body it has."""
    answer = get_conditional_response(request, response["ETag"], None, response)
    return answer if answer is not None else response


def may_be_kept(request: HttpRequest) -> bool:
    """Whether the visitor is nobody in particular: no cookie that the site has given them."""
    harmless = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
    return (
        request.method in ("GET", "HEAD")
        and not (request.COOKIES.keys() - harmless)
        and not request.headers.get("Authorization")
        # Whether the process is up must be answered without the database.
        and not request.path_info.startswith(SILENT)
        and not is_from_htmx(request)
        and bool(PAGE_NUMBER.fullmatch(request.META.get("QUERY_STRING", "")))
        and is_usual(request.get_host())
    )


def is_from_htmx(request: HttpRequest) -> bool:
    """Whether a part of a page may be meant. Any of its headers: a view may look at one alone."""
    return any(name.startswith("HTTP_HX_") for name in request.META)


def is_usual(host: str) -> bool:
    """Whether `host`, which is ours, is written as browsers write it.

    Any port, capitals and a dot at the end are ours too, and would each keep pages of their own.
    """
    return host in (split_domain_port(host)[0], urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc)


def is_public(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer to a visitor is one of the pages that are the same for all of them.

    A page that gives a cookie (a form's token, a message) is for one visitor alone.
    """
    match = request.resolver_match
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and match is not None
        and match.view_name in settings.KEPT_PAGES
        and "no-store" not in response.get("Cache-Control", "")
    )


class KeepPages:
    """Outside of everything that asks who the visitor is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.PAGE_CACHE_SECONDS or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with versions.remembered(), versions.read_areas():
            return self.answer(request) if may_be_kept(request) else self.get_response(request)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page as it is kept, or as it is made now, which is kept for the next visitor."""
        key, cache = self.key(request), caches["pages"]
        kept = cache.get(key)
        if kept is None or not versions.still_hold(kept.numbers):
            with versions.read_numbers() as numbers:
                response = self.get_response(request)
            user = getattr(request, "user", None)
            is_visitor = user is None or not user.is_authenticated
            match = request.resolver_match
            is_kept = is_visitor and is_public(request, response) and request.method == "GET"
            if match is None or not is_kept:
                return response
            # Kept by the browser too, which asks each time whether it still holds.
            patch_cache_control(response, no_cache=True)
            kept = KeptPage.of(f"/{match.route}", response, numbers)
            cache.set(key, kept, settings.PAGE_CACHE_SECONDS)
            response["ETag"] = kept.headers["ETag"]
            return conditional(request, response)
        return kept.answer(request)

    def key(self, request: HttpRequest) -> str:
        """Ends with the day: some things end at midnight."""
        place = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
        hashed = hashlib.blake2b(place.encode(), digest_size=16).hexdigest()
        return f"page:{hashed}:{timezone.localdate():%Y%m%d}"
