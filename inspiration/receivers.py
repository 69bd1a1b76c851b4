"""What inspiration does when the exchange, or a page of its own, has something to tell."""

from django.db.models.signals import post_delete, post_save

from marketplace import ideas
from marketplace.signals import listing_begun, organisations_merged
from portal.signals import person_asks, person_leaves

from . import campaigns, privacy
from .models import CampaignPage, CaseStoryPage


def connect():
    post_save.connect(on_campaign_saved, sender=CampaignPage, dispatch_uid="campaign channels")
    post_delete.connect(on_story_deleted, sender=CaseStoryPage, dispatch_uid="story deleted")
    listing_begun.connect(on_listing_begun, dispatch_uid="campaign offers")
    person_asks.connect(privacy.on_person_asks, dispatch_uid="newsletter")
    person_leaves.connect(privacy.on_person_leaves, dispatch_uid="newsletter")
    organisations_merged.connect(on_organisations_merged, dispatch_uid="campaign participants")


def on_campaign_saved(sender, instance, created, raw, **kwargs):
    if created and not raw:
        campaigns.add_standard_channels(instance)


def on_listing_begun(sender, listing, came_by, **kwargs):
    campaigns.remember_offer(listing=listing, code=came_by)


def on_organisations_merged(sender, organisation, into, **kwargs):
    campaigns.move_participation(organisation=organisation, into=into)


def on_story_deleted(sender, instance, **kwargs):
    still = CaseStoryPage.objects.filter(idea=instance.idea_id).exclude(pk=instance.pk)
    if instance.idea_id and not still.exists():
        ideas.mark_story_begun(idea=instance.idea_id, begun=False)
