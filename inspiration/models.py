"""Gathers the models of every subject, so that Django finds them."""

from inspiration.campaigns.channels import (
    CampaignChannel,
    CampaignParticipant,
    ChannelOffer,
    ChannelVisits,
)
from inspiration.campaigns.models import CampaignPage
from inspiration.events.models import EventOccasion, EventPage
from inspiration.help.models import HelpPage
from inspiration.lessons.collections import CollectionPage
from inspiration.lessons.kits.models import LessonKit
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.lessons.tips.models import LessonTip, TipPhoto
from inspiration.newsletter.models import (
    Newsletter,
    NewsletterDelivery,
    NewsletterItem,
    NewsletterText,
    Subscriber,
)
from inspiration.pages.models import (
    ArticlePage,
    HomePage,
    InspirationIndexPage,
    PageTag,
    StandardPage,
)
from inspiration.stories.models import CaseStoryPage, StoryHandover

__all__ = [
    "ArticlePage",
    "CampaignChannel",
    "CampaignPage",
    "CampaignParticipant",
    "CaseStoryPage",
    "ChannelOffer",
    "ChannelVisits",
    "CollectionPage",
    "EventOccasion",
    "EventPage",
    "HelpPage",
    "HomePage",
    "InspirationIndexPage",
    "LessonIdeaPage",
    "LessonKit",
    "LessonMaterial",
    "LessonTip",
    "Newsletter",
    "NewsletterDelivery",
    "NewsletterItem",
    "NewsletterText",
    "PageTag",
    "StandardPage",
    "StoryHandover",
    "Subscriber",
    "TipPhoto",
]
