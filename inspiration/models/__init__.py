"""Every page type of the site (see docs/decisions/0004), a file for each subject."""

from .articles import ArticlePage
from .campaigns import CampaignPage, CampaignProgress
from .channels import CampaignChannel, CampaignParticipant, ChannelOffer, ChannelVisits
from .content import ContentPage, PageTag, TaggedPage
from .forms import FormField, FormPage
from .home import HomePage
from .indexes import InspirationIndexPage
from .lessons import LessonIdeaPage, LessonMaterial
from .newsletters import (
    Newsletter,
    NewsletterDelivery,
    NewsletterItem,
    NewsletterText,
    Subscriber,
)
from .standard import StandardPage
from .stories import CaseStoryPage, StoryHandover

__all__ = [
    "ArticlePage",
    "CampaignChannel",
    "CampaignPage",
    "CampaignParticipant",
    "CampaignProgress",
    "CaseStoryPage",
    "ChannelOffer",
    "ChannelVisits",
    "ContentPage",
    "FormField",
    "FormPage",
    "HomePage",
    "InspirationIndexPage",
    "LessonIdeaPage",
    "LessonMaterial",
    "Newsletter",
    "NewsletterDelivery",
    "NewsletterItem",
    "NewsletterText",
    "PageTag",
    "StandardPage",
    "StoryHandover",
    "Subscriber",
    "TaggedPage",
]
