"""The base of every page type."""

from django.db import models
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import COMMENTS_RELATION_NAME, Page, PageViewRestriction, WorkflowPage
from wagtail.search import index

from portal.foundation.drafts import ReadAtOnce
from portal.foundation.pages.choosers import KnownImageChooser
from portal.foundation.pages.links import know_links
from portal.foundation.pages.way import Way
from portal.foundation.structured_data import breadcrumb_list, picture

# What a revision remembers of the page, and Wagtail takes from the page itself.
OF_THE_PAGE = (
    "alias_of",
    "content_type",
    "latest_revision",
    "live_revision",
    "locale",
    "locked_by",
    "owner",
)


class BasePage(ReadAtOnce, Page):
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

    # The `Way` that led to it, where it is served at its address.
    way: Way | None = None
    # Set where they have been read.
    in_other_languages: list[Page] | None = None

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("cover", widget=KnownImageChooser),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2)]

    def with_content_json(self, content):
        """The page as a revision has it, without asking whether all that is replaced is there.

        Wagtail would look for each row in `OF_THE_PAGE`, and for each comment with its people, its
        replies and their revisions, of which only the place in the text is kept.
        """
        places = {each["pk"]: each["position"] for each in content.get(COMMENTS_RELATION_NAME, ())}
        replaced = dict.fromkeys(OF_THE_PAGE) | {COMMENTS_RELATION_NAME: []}
        draft = super().with_content_json(content | replaced)
        draft.live_revision_id = self.live_revision_id
        # Its parent is the page's, whose address Wagtail has asked for.
        draft._cached_parent_obj = self.get_parent()
        comments = list(getattr(draft, COMMENTS_RELATION_NAME).all())
        if any(comment.pk not in places for comment in comments):
            places = dict(self.wagtail_admin_comments.values_list("pk", "position")) | places
        for comment in comments:
            comment.position = places[comment.pk]
        setattr(draft, COMMENTS_RELATION_NAME, comments)
        return draft

    @cached_property
    def nearest_workflow(self):
        """The active workflow of the page, or of the nearest page above that has one."""
        here = self.get_ancestors(inclusive=True)
        assigned = WorkflowPage.objects.filter(page__in=here, workflow__active=True)
        nearest = assigned.select_related("workflow").order_by("-page__depth").first()
        return nearest and nearest.workflow

    @property
    def has_workflow(self):
        """Whether it is reviewed, asked once by all buttons of its edit page."""
        return self.get_workflow() is not None

    def get_workflow(self):
        """As Wagtail finds it, but with one question instead of four, each time it is asked."""
        return self.nearest_workflow

    @property
    def description(self):
        """The sentence for search engines and shared links."""
        return self.search_description or self.summary

    @classmethod
    def for_cards(cls):
        """Everything that a list of cards shows, in a constant number of queries."""
        pages = cls.objects.select_related("cover", "locale").defer_streamfields()
        return pages.prefetch_related("cover__renditions")

    @classmethod
    def for_page(cls):
        """What the page itself shows, in as few queries as it takes."""
        return cls.objects.select_related("cover", "locale")

    def route(self, request, path_components):
        """As Wagtail routes, but what lies along the whole address is asked for at once."""
        if self.way is None or self.way.home == self:
            self.way = request.way = Way(self, path_components)
            self.locale = self.way.pages[0].locale
        if not path_components:
            return super().route(request, path_components)
        below = self.way.after(self)
        if below is None or below.slug != path_components[0]:
            raise Http404
        return self.step_to(below, self.way).route(request, path_components[1:])

    @staticmethod
    def step_to(page, way):
        """`page` of `way` as its own type: with all that it shows if the way ends there."""
        model = page.specific_class
        if model is None or not issubclass(model, BasePage):
            return page.specific
        goes_on = way.after(page)
        specific = page.specific_deferred if goes_on else model.for_page().get(pk=page.pk)
        specific.way = way
        return specific

    def get_view_restrictions(self):
        if self.way and not self.way.some_are_closed:
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def in_all_languages(self):
        """The page in each language, published or not."""
        if self.in_other_languages is not None:
            return [self, *self.in_other_languages]
        return self.get_translations(inclusive=True).select_related("locale")

    def live_translations(self):
        """The page in each language that it is published in, its own included."""
        if self.way:
            return self.way.translations_of(self)
        return list(self.get_translations(inclusive=True).live().select_related("locale"))

    def breadcrumb(self):
        """The way here: [{url, title}] from the start page on, without the page itself."""
        if self.way:
            ancestors = self.way.above(self)
        else:
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

    def page_context(self, request):
        """What the view of its subject shows beside the page, by `wiring.context_of`."""
        return {}

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        know_links(self)
        way = self.breadcrumb()
        graph = [self.structured(request)]
        if way:
            graph.append(breadcrumb_list(request, way, self.title))
        context |= {"breadcrumb": way, "structured": {"@graph": graph}}
        return context | self.page_context(request)
