from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from marketplace.models import MaterialCategory, MaterialListing
from portal.models import BasePage

from ..blocks import HomeBlock


class HomePage(BasePage):
    """The start page: says in five seconds what this is, then what editors want to show."""

    heading = models.CharField(_("heading"), max_length=80)
    introduction = models.CharField(_("introduction"), max_length=250)
    sections = StreamField(HomeBlock(), blank=True, verbose_name=_("sections"))

    max_count_per_parent = 1
    template = "inspiration/home_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("introduction"),
        FieldPanel("cover"),
        FieldPanel("sections"),
        FieldPanel("summary"),
    ]

    class Meta:
        verbose_name = _("start page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["available_count"] = MaterialListing.objects.available().count()
        context["roots"] = MaterialCategory.objects.source().roots()
        return context
