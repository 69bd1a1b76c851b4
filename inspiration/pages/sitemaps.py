"""The pages of a site for search engines, each with its translations."""

from uuid import UUID

from django.conf import settings
from django.db.models import Max
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page

from portal.foundation.pages.public import public


class PagesSitemap(Sitemap):
    """Every public page of the site, in all languages, in a fixed number of queries."""

    limit = 1000

    def items(self):
        pages = Page.objects.none()
        for root in self.get_wagtail_site().root_page.get_translations(inclusive=True).live():
            pages = pages | Page.objects.descendant_of(root, inclusive=True)
        return public(pages.live()).select_related("locale").order_by("path")

    def get_latest_lastmod(self):
        """Asked for the list of parts: without reading every page for it."""
        return self.items().order_by().aggregate(day=Max("last_published_at"))["day"]

    def _urls(self, page, protocol, domain):
        pages = list(self.paginator.page(page).object_list)
        translations: dict[UUID, dict[str, str]] = {}
        keys = {each.translation_key for each in pages}
        for each in self.items().filter(translation_key__in=keys):
            translations.setdefault(each.translation_key, {})[each.locale.language_code] = (
                each.get_full_url(self.request)
            )
        return [
            {
                "item": each,
                "location": each.get_full_url(self.request),
                "lastmod": self.lastmod(each),
                "alternates": alternates(translations[each.translation_key]),
            }
            for each in pages
        ]


def alternates(urls):
    """{language: address} as a sitemap names them; the main language is for everybody else too."""
    named = dict(urls)
    if settings.LANGUAGE_CODE in urls:
        named["x-default"] = urls[settings.LANGUAGE_CODE]
    return [{"lang_code": code, "location": url} for code, url in named.items()]
