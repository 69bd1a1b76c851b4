"""What inspiration does when the exchange, or a page of its own, has something to tell."""

from django.db.models.signals import post_save

from marketplace.signals import listing_begun

from . import campaigns
from .models import CampaignPage


def connect():
    post_save.connect(on_campaign_saved, sender=CampaignPage, dispatch_uid="campaign channels")
    listing_begun.connect(on_listing_begun, dispatch_uid="campaign offers")


def on_campaign_saved(sender, instance, created, raw, **kwargs):
    if created and not raw:
        campaigns.add_standard_channels(instance)


def on_listing_begun(sender, listing, came_by, **kwargs):
    campaigns.remember_offer(listing=listing, code=came_by)
