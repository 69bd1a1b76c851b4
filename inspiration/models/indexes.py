from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page

from portal.models import BasePage

from ..cards import page_cards
from ..filters import PageList


class InspirationIndexPage(RoutablePageMixin, BasePage):
    """A list of the pages below it, that can be narrowed, ordered and followed by a feed."""

    PER_PAGE = 12

    template = "inspiration/index_page.html"
    subpage_types = [
        "inspiration.ArticlePage",
        "inspiration.CaseStoryPage",
        "inspiration.LessonIdeaPage",
        "inspiration.CampaignPage",
    ]

    class Meta:
        verbose_name = _("index page")

    def listed(self, params):
        """The `PageList` of what is below, as the parameters of an address want it."""
        below = Page.objects.child_of(self).live().public()
        return PageList(below, params)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        listed = self.listed(request.GET)
        numbers = Paginator(listed.pages, self.PER_PAGE).get_page(request.GET.get("sida"))
        return context | {
            "listed": listed,
            "numbers": numbers,
            "pages": page_cards([page.pk for page in numbers]),
            "feeds": [("rss", self.url + "rss/"), ("atom", self.url + "atom/")],
        }

    @path("rss/")
    def rss(self, request):
        from ..feeds import IndexFeed

        return IndexFeed()(request, index=self)

    @path("atom/")
    def atom(self, request):
        from ..feeds import AtomIndexFeed

        return AtomIndexFeed()(request, index=self)
