from django.conf import settings
from django.db import models
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from marketplace.models import Handover, MaterialCategory, MaterialListing
from portal.models import BasePage

from ..blocks import HomeBlock


class HomePage(BasePage):
    """The start page: says in five seconds what this is, then what editors want to show.

    It also answers politely for pages that are not there in its language but in another one.
    """

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
        site = Site.find_for_request(request)
        available = MaterialListing.objects.available().for_site(site)
        return super().get_context(request, *args, **kwargs) | {
            "available_count": available.count(),
            "totals": Handover.objects.for_site(site).totals(),
            "roots": MaterialCategory.objects.source().roots(),
        }

    def structured(self, request):
        return {
            "@type": "WebSite",
            "name": self.title,
            "description": self.description or self.introduction,
            "inLanguage": self.locale.language_code,
            "url": self.get_full_url(request),
        }

    def route(self, request, path_components):
        try:
            return super().route(request, path_components)
        except Http404:
            other = self.elsewhere(request, path_components)
            if other is None:
                raise
            return RouteResult(self, kwargs={"other": other})

    def elsewhere(self, request, path_components):
        """The live page of this address in another language, the main one first, or None."""
        main = settings.LANGUAGE_CODE
        homes = self.get_translations().live().select_related("locale")
        for home in sorted(homes, key=lambda each: each.locale.language_code != main):
            try:
                page, _args, _kwargs = BasePage.route(home, request, list(path_components))
            except Http404:
                continue
            return page.specific
        return None

    def serve(self, request, *args, other=None, **kwargs):
        """The start page, or what to say of a page that is only there in another language."""
        if other is None:
            return super().serve(request, *args, **kwargs)
        own = other.get_translation_or_none(self.locale)
        if own and own.live:
            return redirect(own.get_url(request))
        parent = other.get_parent().get_translation_or_none(self.locale)
        return TemplateResponse(
            request,
            "inspiration/untranslated.html",
            {
                "other": other,
                "written_in": get_language_info(other.locale.language_code),
                "parent": parent.specific if parent and parent.live else None,
            },
        )
