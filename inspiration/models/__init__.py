"""Every page type of the site (see docs/decisions/0004), a file for each subject."""

from .articles import ArticlePage
from .campaigns import CampaignPage
from .content import ContentPage, PageTag, TaggedPage
from .forms import FormField, FormPage
from .home import HomePage
from .indexes import InspirationIndexPage
from .lessons import LessonIdeaPage, LessonMaterial
from .standard import StandardPage
from .stories import CaseStoryPage, StoryHandover

__all__ = [
    "ArticlePage",
    "CampaignPage",
    "CaseStoryPage",
    "ContentPage",
    "FormField",
    "FormPage",
    "HomePage",
    "InspirationIndexPage",
    "LessonIdeaPage",
    "LessonMaterial",
    "PageTag",
    "StandardPage",
    "StoryHandover",
    "TaggedPage",
]
