"""What follows when a listing is published or taken down."""

from wagtail.signals import published, unpublished

from marketplace.listings.models import MaterialListing
from marketplace.offers.regular.services import follow_regular_offer
from marketplace.signals import send_listing_changed


def connect():
    published.connect(on_published, sender=MaterialListing, dispatch_uid="listing_published")
    unpublished.connect(on_unpublished, sender=MaterialListing, dispatch_uid="listing_unpublished")


def on_published(sender, instance, **kwargs):
    follow_regular_offer(instance)
    send_listing_changed(instance.pk)


def on_unpublished(sender, instance, **kwargs):
    send_listing_changed(instance.pk)
