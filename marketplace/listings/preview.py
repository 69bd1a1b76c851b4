"""Gives the preview in the admin what the page shows, without the model importing a view."""

from marketplace.listings.models import MaterialListing
from marketplace.listings.views import listing_context


def page_context(listing, request):
    return listing_context(request, listing)


MaterialListing.page_context = page_context  # type: ignore[method-assign]  # see there
