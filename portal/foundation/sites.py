"""The site that the portal speaks as: the one visited, or the home of the person who gets a mail.

Several regions may share an installation. Pages know their site from the request; what is written
outside of one, as mail is, asks here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from wagtail.models import Site

from portal.foundation.page_cache.middleware import is_usual
from portal.foundation.page_cache.values import kept
from portal.foundation.requests import SILENT
from portal.foundation.site_settings.models import SiteSettings
from portal.foundation.users.models import User

_visited: ContextVar[HttpRequest | None] = ContextVar("visited", default=None)
_chosen: ContextVar[Site | None] = ContextVar("chosen", default=None)
# Filled by the room that knows where people belong.
HOME_SITES: list[Callable[[User], Site | None]] = []


def know_site(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let what is written during a request speak as the site that is visited."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _visited.set(request)
        try:
            if is_worth_keeping(request):
                know_kept_site(request)
            return get_response(request)
        finally:
            _visited.reset(token)

    return middleware


def is_worth_keeping(request: HttpRequest) -> bool:
    """Whether to look up the site that is kept: it costs the question that the foot of the page
    asks anyway, and saves two."""
    if not settings.PAGE_CACHE_SECONDS or request.method not in ("GET", "HEAD"):
        return False
    try:
        return not request.path_info.startswith(SILENT) and is_usual(request.get_host())
    except DisallowedHost:
        # Answered further in.
        return False


def know_kept_site(request: HttpRequest) -> None:
    """Let `request` know its site and the settings as they are kept, where Wagtail keeps them."""

    def read() -> tuple[Site, SiteSettings] | None:
        site = Site.find_for_request(request)
        return site and (site, SiteSettings.for_request(request))

    found = kept("site", read, request.scheme, request.get_host())
    if found:
        site, own = found
        own._request = request
        request._wagtail_site = site  # type: ignore[attr-defined]
        setattr(request, SiteSettings.get_cache_attr_name(), own)


def visited() -> HttpRequest | None:
    """The request that is answered, or None outside of one."""
    return _visited.get()


def current_site() -> Site | None:
    """The site to speak as: a chosen one, the visited one or the default; None if there is none."""
    if chosen := _chosen.get():
        return chosen
    request = _visited.get()
    if request is not None and (visited := Site.find_for_request(request)):
        return visited
    return Site.objects.filter(is_default_site=True).first()


def current_settings() -> SiteSettings | None:
    """The settings of that site, read once in a request."""
    request = _visited.get()
    if request is not None and not _chosen.get() and Site.find_for_request(request):
        return SiteSettings.for_request(request)
    site = current_site()
    return site and SiteSettings.for_site(site)


def are_several() -> bool:
    """Whether there is more than one site, as Wagtail's own list says, which is kept."""
    return len({each.site_id for each in Site.get_site_root_paths()}) > 1


@contextmanager
def speaking_as(site: Site | None) -> Iterator[None]:
    """Speak as `site`, or as the default site where it is None."""
    site = site or Site.objects.filter(is_default_site=True).first()
    token = _chosen.set(site)
    try:
        yield
    finally:
        _chosen.reset(token)


@contextmanager
def speaking_to(user: User) -> Iterator[None]:
    """Speak as the site that `user` belongs to."""
    if not are_several():
        yield
        return
    homes = (home for look in HOME_SITES if (home := look(user)))
    with speaking_as(next(homes, None)):
        yield
