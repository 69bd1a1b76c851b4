"""Recommended results in the admin."""

from typing import Any

from wagtail.contrib.search_promotions.views.settings import CreateView as PromotionView


class RecommendView(PromotionView):
    """Wagtail's form for a promoted result, with the query filled in from `?q=`."""

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"query_string": self.request.GET.get("q", "")[:200]}
