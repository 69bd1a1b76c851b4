"""Paginators of long lists."""

from django.db.models import QuerySet
from django.utils.functional import cached_property
from wagtail.admin.paginator import WagtailPaginator


class NarrowPaginator(WagtailPaginator):
    """Sorts keys alone, and fetches the rows of one page: the rows are wide and there are many."""

    @cached_property
    def count(self):
        # Django would not take what a view has put in the place of a method.
        return self.object_list.count()

    def _get_page(self, rows, *args, **kwargs):
        if isinstance(rows, QuerySet):
            keys = list(rows.values_list("pk", flat=True))
            rows = self.object_list.filter(pk__in=keys)
        return super()._get_page(rows, *args, **kwargs)
