"""What inspiration does when the exchange, or a page of its own, has something to tell."""

from django.db.models.signals import post_delete, post_save
from wagtail.signals import page_published, page_unpublished

from inspiration.campaigns import services as campaigns_services
from inspiration.campaigns.models import CampaignPage
from inspiration.campaigns.services import add_standard_channels, remember_offer
from inspiration.events.models import EventPage
from inspiration.events.services import address_of_event, follow_page
from inspiration.newsletter.retention import on_personal_data_requested, on_user_pre_erase
from inspiration.stories.models import CaseStoryPage
from marketplace.ideas.services import mark_story_started
from marketplace.occasions.services import ADDRESSES
from marketplace.organisations.merging.services import move, register_merge
from marketplace.signals import listing_created
from portal.foundation.privacy.signals import personal_data_requested, user_pre_erase


def connect():
    post_save.connect(on_campaign_saved, sender=CampaignPage, dispatch_uid="campaign channels")
    post_delete.connect(on_story_deleted, sender=CaseStoryPage, dispatch_uid="story deleted")
    listing_created.connect(on_listing_created, dispatch_uid="campaign offers")
    personal_data_requested.connect(on_personal_data_requested, dispatch_uid="newsletter")
    user_pre_erase.connect(on_user_pre_erase, dispatch_uid="newsletter")
    for signal in (page_published, page_unpublished):
        signal.connect(on_event_changed, dispatch_uid="events")
    ADDRESSES.append(address_of_event)
    register_merge("inspiration.EventPage.host", move)
    register_merge("inspiration.CampaignParticipant.organisation", move_participation)
    register_merge("inspiration.CaseStoryPage.company", move)
    register_merge("inspiration.CaseStoryPage.school", move)
    register_merge("inspiration.LessonKit.organisation", move)
    register_merge("inspiration.LessonTip.organisation", move)


def on_campaign_saved(sender, instance, created, raw, **kwargs):
    if created and not raw:
        add_standard_channels(instance)


def on_event_changed(sender, instance, **kwargs):
    """Places and people follow the event in the main language; its translations only tell of it."""
    if isinstance(instance, EventPage) and instance.main == instance:
        follow_page(instance)


def on_listing_created(sender, listing, referral_code, **kwargs):
    remember_offer(listing=listing, code=referral_code)


def move_participation(model, field, organisation, into):
    campaigns_services.move_participation(organisation=organisation, into=into)


def on_story_deleted(sender, instance, **kwargs):
    still = CaseStoryPage.objects.filter(idea=instance.idea_id).exclude(pk=instance.pk)
    if instance.idea_id and not still.exists():
        mark_story_started(idea=instance.idea_id, started=False)
