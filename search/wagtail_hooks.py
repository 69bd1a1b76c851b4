"""What search adds to Wagtail's admin."""

from django.urls import path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from marketplace.desk.dashboard import add_card
from marketplace.impact.reports.menu import FURTHER
from portal.foundation.menus import PermittedMenuItem
from portal.foundation.scopes import by_permission, register_scope
from search.intentions.admin import IntentionViewSet
from search.intentions.models import Intention
from search.results.admin import RecommendView
from search.statistics.dashboard import without_result
from search.statistics.reports import LISTED, menu_item, urlpatterns
from search.synonyms.admin import SynonymViewSet
from search.synonyms.models import Synonym

register_scope(Synonym, by_permission)
register_scope(Intention, by_permission)
register_snippet(SynonymViewSet)
register_snippet(IntentionViewSet)
add_card(without_result)
FURTHER.append(LISTED)


@hooks.register("register_admin_urls")
def admin_urls() -> list:
    return [
        *urlpatterns,
        path("sokningar/rekommendera/", RecommendView.as_view(), name="recommend_for_search"),
    ]


@hooks.register("register_reports_menu_item")
def search_report() -> PermittedMenuItem:
    return menu_item()
