from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from .content import TaggedPage


class ArticlePage(TaggedPage):
    """Something to read about reuse."""

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types = []
    template = "inspiration/content_page.html"
    content_panels = [*TaggedPage.content_panels, FieldPanel("tags")]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
