"""The tree of pages in the menu of the admin: Wagtail's, read a level at a time.

Wagtail's own asks the database six times for each page that it lists. docs/upstream/page-tree.md
"""

from django.db.models import Count
from django.db.models.functions import Length, Substr
from django.urls import URLPattern
from modelsearch.backends.base import BaseSearchResults
from wagtail.admin.api.serializers import (
    AdminPageSerializer,
    PageChildrenField,
    get_model_listing_url,
)
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.api.v2.serializers import PageParentField
from wagtail.models import Page
from wagtail.query import PageQuerySet


class ListedParentField(PageParentField):
    def get_attribute(self, page):
        if hasattr(page, "listed_parent"):
            return page.listed_parent
        return super().get_attribute(page)


class ListedChildrenField(PageChildrenField):
    def to_representation(self, page):
        if not hasattr(page, "listed_children"):
            return super().to_representation(page)
        pages = get_model_listing_url(self.context, Page)
        return {"count": page.listed_children, "listing_url": f"{pages}?child_of={page.pk}"}


class ListedPageSerializer(AdminPageSerializer):
    parent = ListedParentField(read_only=True)
    children = ListedChildrenField(read_only=True)


class PageTree(PagesAdminAPIViewSet):
    """Wagtail's list, in which each page knows its parent, and how many children it has."""

    base_serializer_class = ListedPageSerializer

    @classmethod
    def get_urlpatterns(cls) -> list[URLPattern]:
        """What the menu asks for: pages are changed on their own pages, which check more."""
        return [each for each in super().get_urlpatterns() if each.name in ("listing", "detail")]

    def paginate_queryset(self, queryset: PageQuerySet | BaseSearchResults) -> list[Page]:
        # What has been searched for is no queryset any more, and of one page's length.
        if isinstance(queryset, PageQuerySet):
            queryset = queryset.annotate_approved_schedule().prefetch_workflow_states()
            queryset = queryset.prefetch_related("locale")
        pages = list(super().paginate_queryset(queryset))
        self.add_parents(pages)
        self.add_children(pages)
        return pages

    def add_parents(self, pages):
        paths = {parent_path(page) for page in pages}
        found = self.get_base_queryset().filter(path__in=paths)
        parents = {parent.path: parent for parent in found.select_related("locale")}
        for page in pages:
            # None where the reader may not see it.
            page.listed_parent = parents.get(parent_path(page))

    def add_children(self, pages):
        children = self.get_base_queryset().filter(depth__in={page.depth + 1 for page in pages})
        counts = dict(
            children.annotate(parent_path=Substr("path", 1, Length("path") - Page.steplen))
            .filter(parent_path__in={page.path for page in pages})
            .order_by()
            .values_list("parent_path")
            .annotate(Count("pk"))
        )
        for page in pages:
            page.listed_children = counts.get(page.path, 0)


def parent_path(page: Page) -> str:
    return page.path[: -Page.steplen]
