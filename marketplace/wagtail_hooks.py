"""What the exchange adds to Wagtail's admin."""

from functools import partial

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from . import admin_views, approvals, bulk_actions, dashboard
from .modeladmins import LedgerGroup
from .models import Collaboration, Handover, Organisation
from .permissions import municipalities_for
from .reports import menu
from .reports.viewsets import CostSharingViewSet
from .scoping import MunicipalPolicy, TwoSidedPolicy
from .viewsets import PartnersGroup, ReviewGroup, VocabularyGroup

# Coordinators see their own municipality in lists, choosers and edit pages alike.
register_permission_policy(Organisation, MunicipalPolicy(Organisation, lookups=["municipality"]))
register_permission_policy(
    Collaboration,
    TwoSidedPolicy(Collaboration, lookups=["company__municipality", "partner__municipality"]),
)
register_permission_policy(
    Handover,
    TwoSidedPolicy(Handover, lookups=["giver_municipality", "receiver_municipality"]),
)
register_snippet(ReviewGroup)
register_snippet(PartnersGroup)
register_snippet(VocabularyGroup)
register_snippet(CostSharingViewSet)
modeladmin_register(LedgerGroup)
for action in bulk_actions.ACTIONS:
    hooks.register("register_bulk_action", action, order=100)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path(
            "overlamningar/<int:pk>/ratta/", admin_views.correct_handover, name="correct_handover"
        ),
        path(
            "organisationer/<int:pk>/granska/",
            approvals.review_organisation,
            name="review_organisation",
        ),
        path("guide/", admin_views.guide, name="editors_guide"),
        path("effekt/", include("marketplace.reports.urls")),
    ]


@hooks.register("register_help_menu_item")
def guide_menu_item():
    return admin_views.guide_menu_item()


@hooks.register("construct_homepage_panels")
def first_panel(request, panels):
    panels.insert(0, dashboard.Dashboard(request))


@hooks.register("register_admin_menu_item")
def figures_menu_item():
    return menu.dashboard_menu_item()


for report in menu.REPORTS:
    hooks.register("register_reports_menu_item", partial(menu.report_menu_item, *report))


@hooks.register("construct_reports_menu")
def only_reports_of_use(request, items):
    hidden = set()
    if municipalities_for(request.user) is not None:
        hidden.add(reverse("wagtailadmin_reports:site_history"))
    if not request.user.has_perm("wagtail_localize.submit_translation"):
        hidden.add(reverse("wagtail_localize:translations_report"))
    # By address: what Wagtail calls an item depends on the language it was first asked for in.
    items[:] = [item for item in items if item.url not in hidden]


@hooks.register("insert_global_admin_css")
def figures_css():
    return format_html('<link rel="stylesheet" href="{}">', static("portal/css/admin-figures.css"))
