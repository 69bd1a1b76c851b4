"""The one check of where to go next, which anybody can have put into a link."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000


def next_url(request: HttpRequest, default: str = "") -> str:
    """The path that a form or link asks to go on to, if it is one of this site, else `default`.

    Only paths from the root are taken: Django's `redirect` takes any other word for the name of a
    view.
    """
    path = request.POST.get("next") or request.GET.get("next") or ""
    allowed = path.startswith("/") and len(path) <= LONGEST
    if allowed and url_has_allowed_host_and_scheme(path, {request.get_host()}, request.is_secure()):
        return path
    return default
