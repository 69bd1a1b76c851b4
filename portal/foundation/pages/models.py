"""The base of every page type."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from portal.foundation.structured_data import breadcrumb_list, picture


class BasePage(Page):
    """What every page of the site has: a picture and a sentence for lists and for sharing."""

    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences, shown in lists, in search and when shared."),
    )
    cover = models.ForeignKey(
        "portal.CustomImage",
        verbose_name=_("cover picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        abstract = True

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("cover")]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2)]

    @property
    def description(self):
        """The sentence for search engines and shared links."""
        return self.search_description or self.summary

    @classmethod
    def for_cards(cls):
        """Everything that a list of cards shows, in a constant number of queries."""
        pages = cls.objects.select_related("cover", "locale").defer_streamfields()
        return pages.prefetch_related("cover__renditions")

    def breadcrumb(self):
        """The way here: [{url, title}] from the start page on, without the page itself."""
        ancestors = self.get_ancestors().filter(depth__gt=1).select_related("locale")
        return [
            {"url": page.url, "title": _("Start") if page.depth == 2 else page.title}
            for page in ancestors
        ]

    def structured(self, request):
        """The page as schema.org knows it, without its context."""
        return {
            "@type": "WebPage",
            "name": self.title,
            "description": self.description,
            "inLanguage": self.locale.language_code,
            "url": self.get_full_url(request),
        } | picture(self.cover)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        way = self.breadcrumb()
        graph = [self.structured(request)]
        if way:
            graph.append(breadcrumb_list(request, way, self.title))
        return context | {"breadcrumb": way, "structured": {"@graph": graph}}
