"""What the page types with a body have in common: blocks, and words shared with listings."""

from functools import cache

from django.conf import settings
from django.db import models
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Site
from wagtail.search import index
from wagtail.url_routing import RouteResult

from inspiration.pages.blocks import ContentBlock, HomeBlock
from inspiration.pages.cards import note_cards, page_cards
from inspiration.pages.drawings import choices
from inspiration.pages.filters import PageList
from inspiration.pages.sites import ledger_so_far
from marketplace.listings.models import MaterialListing
from portal.foundation.managers import ReadWith
from portal.foundation.pages.choosers import KnownImageChooser
from portal.foundation.pages.models import BasePage
from portal.foundation.pages.public import public
from portal.foundation.site_settings.models import SiteSettings


class ContentPage(BasePage):
    """A page with a body of blocks."""

    drawing = models.CharField(
        _("drawing"),
        max_length=40,
        blank=True,
        choices=choices,
        help_text=_("Shown where there is no cover picture. If left empty, one is chosen for you."),
    )
    body = StreamField(ContentBlock(), blank=True, verbose_name=_("body"))

    content_panels = [*BasePage.content_panels, FieldPanel("drawing"), FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True

    @cached_property
    def main(self):
        """The page in the site's main language, or this one if there is none."""
        default = Locale.get_default()
        if self.locale_id == default.pk:
            return self
        return self.get_translation_or_none(default) or self

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

    # Always read with its tag.
    objects: ReadWith = ReadWith("tag")


TAGS = Prefetch("tagged_pages", PageTag.objects.all())


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
    def can_create_at(cls, parent):
        return super().can_create_at(parent) and cls.is_listed_by(parent)

    def can_move_to(self, parent):
        return super().can_move_to(parent) and self.is_listed_by(parent)

    @classmethod
    def is_listed_by(cls, parent):
        """Whether `parent` is a list of such pages, or of any."""
        listed = getattr(parent.specific, "lists", "")
        return not listed or listed == cls._meta.model_name

    @classmethod
    def for_page(cls):
        return super().for_page().prefetch_related(TAGS)

    @property
    def words(self):
        """Its tags, in the order that they were written."""
        return [each.tag for each in self.tagged_pages.all()]

    def structured(self, request):
        published = self.first_published_at
        return super().structured(request) | {
            "@type": "Article",
            "headline": self.title,
            "datePublished": published.isoformat() if published else None,
            "dateModified": (self.last_published_at or published).isoformat()
            if published
            else None,
            "keywords": ", ".join(tag.name for tag in self.words),
            "publisher": {
                "@type": "Organization",
                "name": SiteSettings.for_request(request).name,
            },
        }

    def search_values(self):
        return super().search_values() | {"keywords": " ".join(tag.name for tag in self.words)}


class ArticlePage(TaggedPage):
    """Something to read about reuse."""

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types: list[str] = []
    template = "inspiration/pages/content_page.html"
    content_panels = [*TaggedPage.content_panels, FieldPanel("tags")]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class HomePage(BasePage):
    """The start page: says in five seconds what this is, then what editors want to show.

    It also answers politely for pages that are not there in its language but in another one.
    """

    heading = models.CharField(_("heading"), max_length=80)
    introduction = models.CharField(_("introduction"), max_length=250)
    sections = StreamField(HomeBlock(), blank=True, verbose_name=_("sections"))

    # Of so many listings and more it says no more than that.
    MOST_COUNTED = 5_000

    # One for each language of each site, at the root and nowhere else.
    parent_page_types = ["wagtailcore.Page"]
    template = "inspiration/pages/home_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("introduction"),
        FieldPanel("cover", widget=KnownImageChooser),
        FieldPanel("sections"),
        FieldPanel("summary"),
    ]

    class Meta:
        verbose_name = _("start page")

    def get_context(self, request, *args, **kwargs):
        @cache
        def available():
            site = Site.find_for_request(request)
            listings = MaterialListing.objects.available().for_site(site)
            return listings.count_to(self.MOST_COUNTED)

        # Called by the template, which need not ask where it has the part from before.
        return super().get_context(request, *args, **kwargs) | {
            "available_count": lambda: min(available(), self.MOST_COUNTED),
            "there_are_more": lambda: available() > self.MOST_COUNTED,
            "totals": lambda: ledger_so_far(request),
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
            other = self.page_in_other_language(request, path_components)
            if other is None:
                raise
            return RouteResult(self, kwargs={"other": other})

    def page_in_other_language(self, request, path_components):
        """The live page at this URL in another language, the main one first, or None."""
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
            "inspiration/pages/untranslated.html",
            {
                "other": other,
                "written_in": get_language_info(other.locale.language_code),
                "parent": parent.specific if parent and parent.live else None,
            },
        )


class InspirationIndexPage(RoutablePageMixin, BasePage):
    """A list of the pages below it, that can be narrowed, ordered and followed by a feed."""

    PER_PAGE = 12

    class Lists(models.TextChoices):
        """What is added below, by the names of the models."""

        ARTICLES = "articlepage", _("Articles")
        STORIES = "casestorypage", _("Stories")
        IDEAS = "lessonideapage", _("Lesson ideas")
        CAMPAIGNS = "campaignpage", _("Campaigns")
        EVENTS = "eventpage", _("Events")

    lists = models.CharField(
        _("lists"),
        max_length=20,
        choices=Lists.choices,
        blank=True,
        db_default="",
        default="",
        help_text=_("Only pages of this kind are added here. If left empty, any."),
    )

    template = "inspiration/pages/index_page.html"
    parent_page_types = ["inspiration.HomePage"]
    content_panels = [*BasePage.content_panels, FieldPanel("lists")]
    subpage_types = [
        "inspiration.ArticlePage",
        "inspiration.CaseStoryPage",
        "inspiration.LessonIdeaPage",
        "inspiration.CollectionPage",
        "inspiration.CampaignPage",
        "inspiration.EventPage",
    ]

    class Meta:
        verbose_name = _("index page")

    def listed(self, params):
        """The `PageList` of what is below, as the parameters of an address want it."""
        below = public(Page.objects.child_of(self).live())
        return PageList(below, params)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        listed = self.listed(request.GET)
        numbers = listed.paginator(self.PER_PAGE).get_page(request.GET.get("sida"))
        pages = page_cards(numbers.object_list)
        return context | {
            "listed": listed,
            "numbers": numbers,
            "pages": pages,
            "feeds": [("rss", self.url + "rss/"), ("atom", self.url + "atom/")],
            **note_cards(request, pages, has_ideas=listed.has_ideas),
        }


class StandardPage(ContentPage):
    """About, accessibility statement, privacy, terms, credits."""

    show_in_footer = models.BooleanField(_("show at the foot of every page"), default=True)

    parent_page_types = ["inspiration.HomePage", "inspiration.StandardPage"]
    subpage_types = ["inspiration.StandardPage", "inspiration.FormPage"]
    template = "inspiration/pages/content_page.html"
    content_panels = [*ContentPage.content_panels]
    promote_panels = [*BasePage.promote_panels, FieldPanel("show_in_footer")]

    class Meta:
        verbose_name = _("standard page")

    @property
    def opening_drawing(self):
        """None unless an editor has chosen one: terms and privacy need no picture."""
        return self.drawing
