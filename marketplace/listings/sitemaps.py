"""What there is to be had, for search engines."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from wagtail.models import Site

from marketplace.listings.models import MaterialListing


class ListingsSitemap(Sitemap):
    """Listings that can be asked for, at their address in each language."""

    i18n = alternates = x_default = True
    limit = 1000

    def __init__(self, request=None):
        self.request = request

    def items(self):
        listings = MaterialListing.objects.available()
        return listings.for_site(Site.find_for_request(self.request)).order_by("pk")

    def lastmod(self, listing):
        return listing.last_published_at


class ListsSitemap(Sitemap):
    """The lists and figures that are no pages of the tree."""

    i18n = alternates = x_default = True
    NAMES = ("search:material", "marketplace:wanted_list", "marketplace:effect")

    def items(self):
        return self.NAMES

    def location(self, name):
        return reverse(name)
