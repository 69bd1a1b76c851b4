from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from portal.models import BasePage

from .content import ContentPage


class StandardPage(ContentPage):
    """About, accessibility statement, privacy, terms, credits."""

    show_in_footer = models.BooleanField(_("show at the foot of every page"), default=True)

    template = "inspiration/content_page.html"
    content_panels = [*ContentPage.content_panels]
    promote_panels = [*BasePage.promote_panels, FieldPanel("show_in_footer")]

    class Meta:
        verbose_name = _("standard page")

    @property
    def opening_drawing(self):
        """None unless an editor has chosen one: terms and privacy need no picture."""
        return self.drawing
