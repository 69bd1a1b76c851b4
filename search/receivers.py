"""Listens to what is published and what the exchange tells, and keeps search up to date."""

from functools import partial

from django.db import transaction
from django.db.models.signals import post_delete
from wagtail.signals import page_published, page_unpublished, published, unpublished

from marketplace.models import MaterialListing, WantedAd
from marketplace.signals import listing_changed

from . import promotions, reference
from .index import PAGE_MODELS
from .models import SearchEntry


def later(kind, object_id):
    """Refresh after commit, so that no job looks for what is not there yet."""
    from .tasks import refresh_entry

    transaction.on_commit(partial(refresh_entry.enqueue, str(kind), object_id))


def on_listing_changed(listing_id, **kwargs):
    later(SearchEntry.Kind.MATERIAL, listing_id)


def on_snippet(sender, instance, **kwargs):
    kind = {MaterialListing: SearchEntry.Kind.MATERIAL, WantedAd: SearchEntry.Kind.WANTED}.get(
        sender
    )
    if kind:
        later(kind, instance.pk)


def on_page(sender, instance, **kwargs):
    kind = {name: kind for kind, name in PAGE_MODELS.items()}.get(sender.__name__)
    if kind:
        later(kind, instance.pk)


def connect():
    promotions.connect()
    reference.connect()
    listing_changed.connect(on_listing_changed, dispatch_uid="search")
    for signal in (published, unpublished):
        signal.connect(on_snippet, dispatch_uid="search")
    for signal in (page_published, page_unpublished, post_delete):
        signal.connect(on_page, dispatch_uid="search pages")
