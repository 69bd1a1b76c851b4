"""How a page is found for an address."""

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Site
from wagtail.views import serve as wagtail_serve


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's own view, which does not read all of a start page that is only on the way."""
    site = Site.find_for_request(request)
    slugs = [slug for slug in path.split("/") if slug]
    if site and slugs:
        home = site.root_page.localized.specific_deferred
        try:
            found = home.route(request, slugs)
        except Http404:
            found = None
        # Where Wagtail looks before it asks itself.
        request._wagtail_route_for_request = found  # type: ignore[attr-defined]
    return wagtail_serve(request, path)
