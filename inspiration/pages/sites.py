"""The part of the page tree and of the ledger that a visitor is in."""

from django.db.models import Q
from wagtail.models import Locale, Site

from marketplace.impact import figures
from marketplace.municipalities.models import Municipality
from portal.foundation.page_cache.versions import note_read
from portal.foundation.pages.public import public


def root_page(request):
    """The start page of the visited site in the reader's language, or None where it has none."""
    note_read("pages")
    if not hasattr(request, "_root_page"):
        site = Site.find_for_request(request)
        request._root_page = None
        if site:
            own = (page for page in _homes(request, site) if page.locale == Locale.get_active())
            request._root_page = next(own, None)
    return request._root_page


def _homes(request, site):
    """The live start pages of `site`: known where a page is shown, since its `Way` begins there."""
    way = getattr(request, "way", None)
    if way and way.home.translation_key == site.root_page.translation_key:
        return way.translations_of(way.home)
    return site.root_page.get_translations(inclusive=True).live().select_related("locale")


def ledger_so_far(request):
    """What all handovers of the visited site add up to: the start page says it more than once."""
    if request is None:
        return figures.amounts(figures.handovers())
    note_read("ledger")
    if not hasattr(request, "_ledger_so_far"):
        here = Municipality.objects.for_site(Site.find_for_request(request))
        request._ledger_so_far = figures.amounts(figures.received_in(here))
    return request._ledger_so_far


def pages_of_site(pages, site):
    """Those of `pages` that everybody may read on `site` in any language; without one, on any."""
    pages = public(pages.live())
    if site is None:
        return pages
    here = Q(pk=None)
    for root in site.root_page.get_translations(inclusive=True):
        here |= Q(path__startswith=root.path)
    return pages.filter(here)
