"""What the page types with a body have in common: blocks, and words shared with listings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from portal.models import BasePage, SiteSettings

from .. import drawings
from ..blocks import ContentBlock


class ContentPage(BasePage):
    """A page with a body of blocks."""

    drawing = models.CharField(
        _("drawing"),
        max_length=40,
        blank=True,
        choices=drawings.choices,
        help_text=_("Shown where there is no cover picture. Left empty, one is chosen for you."),
    )
    body = StreamField(ContentBlock(), blank=True, verbose_name=_("body"))

    content_panels = [*BasePage.content_panels, FieldPanel("drawing"), FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True

    def body_text(self):
        """The words of the body, for search."""
        return " ".join(self.body.stream_block.get_searchable_content(self.body))

    def search_values(self):
        """What search keeps of the page beside title and summary (see `search.index`)."""
        return {"body": self.body_text(), "illustration": self.illustration}

    @property
    def illustration(self):
        """The drawing that stands in for a missing picture."""
        return self.drawing or self.fallback_illustration

    @property
    def opening_drawing(self):
        """The drawing that the page itself begins with where it has no picture."""
        return self.illustration

    @property
    def fallback_illustration(self):
        return "artikel"


class PageTag(ItemBase):
    """A word from the vocabulary that pages share with listings."""

    tag = models.ForeignKey("taggit.Tag", related_name="page_tags", on_delete=models.CASCADE)
    content_object = ParentalKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="tagged_pages"
    )


class TaggedPage(ContentPage):
    """A page with words that material and content find each other by."""

    tags = ClusterTaggableManager(
        through=PageTag,
        blank=True,
        verbose_name=_("tags"),
        help_text=_("Words that pages share with listings, so that they find each other."),
    )

    class Meta:
        abstract = True

    @classmethod
    def for_cards(cls):
        return super().for_cards().prefetch_related("tagged_pages__tag")

    def structured(self, request):
        published = self.first_published_at
        return super().structured(request) | {
            "@type": "Article",
            "headline": self.title,
            "datePublished": published.isoformat() if published else None,
            "dateModified": self.last_published_at.isoformat() if published else None,
            "keywords": ", ".join(self.tags.names()),
            "publisher": {
                "@type": "Organization",
                "name": SiteSettings.for_request(request).name,
            },
        }

    def search_values(self):
        return super().search_values() | {"keywords": " ".join(self.tags.names())}
