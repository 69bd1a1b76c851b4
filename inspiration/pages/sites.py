"""The part of the page tree that a visitor is in."""

from django.db.models import Q
from wagtail.models import Locale, Site


def root_page(request):
    """The start page of the visited site in the reader's language, or None where it has none."""
    if not hasattr(request, "_root_page"):
        site = Site.find_for_request(request)
        request._root_page = None
        if site:
            roots = site.root_page.get_translations(inclusive=True).live()
            own = roots.filter(locale=Locale.get_active())
            request._root_page = own.select_related("locale").first()
    return request._root_page


def pages_of_site(pages, site):
    """Those of `pages` that everybody may read on `site` in any language; without one, on any."""
    pages = pages.live().public()
    if site is None:
        return pages
    here = Q(pk=None)
    for root in site.root_page.get_translations(inclusive=True):
        here |= Q(path__startswith=root.path)
    return pages.filter(here)
