"""What search adds to Wagtail's admin."""

from django.urls import path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from marketplace.dashboard import add_card
from marketplace.reports import menu

from . import dashboard, reports
from .viewsets import RecommendView, SynonymViewSet

register_snippet(SynonymViewSet)
add_card(dashboard.without_result)
menu.FURTHER.append(reports.LISTED)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        *reports.urlpatterns,
        path("sokningar/rekommendera/", RecommendView.as_view(), name="recommend_for_search"),
    ]


@hooks.register("register_reports_menu_item")
def search_report():
    return reports.menu_item()
