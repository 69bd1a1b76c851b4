"""What there is to be had, for search engines."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import Page, Paginator
from django.db.models import Max, Min
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.models import Site

from marketplace.listings.models import MaterialListing


class PartsByKey(Paginator):
    """Parts of a range of keys each, in every language: a part is found without those before it.

    So a part holds at most `per_page` listings, and fewer the more of them are gone.
    """

    def __init__(self, rows, per_page):
        super().__init__(rows, per_page)
        self.rows = rows

    @cached_property
    def ends(self):
        """The numbers of the ranges with the first and the last listing in them."""
        keys = MaterialListing.objects.published().aggregate(first=Min("pk"), last=Max("pk"))
        return (keys["first"] or 0) // self.per_page, (keys["last"] or 0) // self.per_page

    @property
    def num_pages(self):
        first, last = self.ends
        return last - first + 1

    def page(self, number):
        number = self.validate_number(number)
        start = (self.ends[0] + number - 1) * self.per_page
        rows = self.rows.filter(pk__gte=start, pk__lt=start + self.per_page)
        found = [(row, code) for row in rows for code, _name in settings.LANGUAGES]
        return Page(found, number, self)


class ListingsSitemap(Sitemap):
    """Listings that can be asked for, at their address in each language."""

    i18n = alternates = x_default = True
    limit = 500

    def __init__(self, request=None):
        self.request = request

    @property
    def paginator(self):
        return PartsByKey(self.items(), self.limit)

    def items(self):
        listings = MaterialListing.objects.available()
        return listings.for_site(Site.find_for_request(self.request)).order_by("pk")

    def lastmod(self, listing):
        return listing.last_published_at

    def get_latest_lastmod(self):
        """Asked for the list of parts: when any listing was published last."""
        return MaterialListing.objects.published().aggregate(day=Max("last_published_at"))["day"]


class ListsSitemap(Sitemap):
    """The lists and figures that are no pages of the tree."""

    i18n = alternates = x_default = True
    NAMES = ("search:material", "marketplace:wanted_list", "marketplace:effect")

    def items(self):
        return self.NAMES

    def location(self, name):
        return reverse(name)
