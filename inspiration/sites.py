"""The part of the page tree that a visitor is in."""

from wagtail.models import Locale, Site


def root_page(request):
    """The start page of the visited site in the reader's language, or None where it has none."""
    if not hasattr(request, "_root_page"):
        site = Site.find_for_request(request)
        roots = site.root_page.get_translations(inclusive=True) if site else None
        request._root_page = (
            roots.live().filter(locale=Locale.get_active()).select_related("locale").first()
            if site
            else None
        )
    return request._root_page
