"""After a form every answer is a redirect, also the page that says what to correct.

A page that answers a POST itself cannot be gone back to: the browser asks whether to send the form
again, or says that the page is gone. So the page is kept for a while, and the browser is led to it.
Programs and scripts, which go nowhere back, get their answer at once. So does anyone who fails more
often than people do, or with a page that is very large: then there is nothing to keep.
"""

import secrets
import zlib
from collections.abc import Callable
from http import HTTPStatus

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import salted_hmac

from portal.foundation import throttling

PARAMETER = "svar"
SECONDS = 3600
# Of a page, and of what is kept of it. Our largest form takes 12 kB.
MOST_BYTES, MOST_KEPT_BYTES = 400_000, 40_000
LEFT_OUT = "/admin/"


class LeadToAnswers:
    """Keep the page that answers a form, and lead the browser to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and PARAMETER in request.GET:
            if kept := cache.get(_key(request, request.GET[PARAMETER])):
                return _page(kept)
            return self.get_response(request)
        response = self.get_response(request)
        return self.led_to(request, response) if _is_page_for_form(request, response) else response

    def led_to(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        token = secrets.token_urlsafe(16)
        content = zlib.compress(response.content)
        if len(content) > MOST_KEPT_BYTES or not _may_keep(request):
            return response
        # The cookie against forged requests is what binds the page to this browser.
        key = _key(request, token)
        cache.set(key, (content, response.status_code, dict(response.items())), SECONDS)
        if cache.get(key) is None:
            # The store is away: better an answer that cannot be gone back to than none.
            return response
        query = request.GET.copy()
        query[PARAMETER] = token
        led = HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
        led.status_code = HTTPStatus.SEE_OTHER
        led.cookies = response.cookies
        return led


def _key(request: HttpRequest, token: str) -> str:
    who = f"{request.user.pk}:{request.META.get('CSRF_COOKIE', '')}:{token[:64]}"
    return f"answer:{salted_hmac('answer', who).hexdigest()}"


def _may_keep(request: HttpRequest) -> bool:
    try:
        throttling.consume_by_device("answer", request=request)
    except throttling.TooOften:
        return False
    return True


def _is_page_for_form(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a browser has sent a form and got a page back, in the window itself."""
    return (
        request.method == "POST"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and response.status_code in (HTTPStatus.OK, HTTPStatus.CONFLICT)
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
        and len(response.content) <= MOST_BYTES
        and not request.path_info.startswith(LEFT_OUT)
    )


def _page(kept: tuple[bytes, int, dict[str, str]]) -> HttpResponse:
    content, status, headers = kept
    response = HttpResponse(zlib.decompress(content), status=status, headers=headers)
    response["Cache-Control"] = "private, no-store"
    return response
