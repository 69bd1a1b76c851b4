from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.models import BasePage


class InspirationIndexPage(BasePage):
    """A list of the pages below it, the newest first."""

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

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        children = self.get_children().live().public().order_by("-first_published_at")
        paginator = Paginator(children.values_list("pk", flat=True), self.PER_PAGE)
        numbers = paginator.get_page(request.GET.get("sida"))
        pages = {page.pk: page for page in Page.objects.filter(pk__in=list(numbers)).specific()}
        context["pages"] = [pages[pk] for pk in numbers]
        context["numbers"] = numbers
        return context
