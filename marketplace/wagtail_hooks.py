"""What the exchange adds to Wagtail's admin."""

from django.urls import path
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from . import admin_views
from .modeladmins import LedgerGroup
from .models import Collaboration, Organisation
from .scoping import MunicipalPolicy
from .viewsets import PartnersGroup, ReviewGroup, VocabularyGroup

# Coordinators see their own municipality in lists, choosers and edit pages alike.
register_permission_policy(Organisation, MunicipalPolicy(Organisation, lookups=["municipality"]))
register_permission_policy(
    Collaboration,
    MunicipalPolicy(Collaboration, lookups=["company__municipality", "partner__municipality"]),
)
register_snippet(ReviewGroup)
register_snippet(PartnersGroup)
register_snippet(VocabularyGroup)
modeladmin_register(LedgerGroup)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path(
            "overlamningar/<int:pk>/ratta/", admin_views.correct_handover, name="correct_handover"
        ),
        path("guide/", admin_views.guide, name="editors_guide"),
    ]


@hooks.register("register_help_menu_item")
def guide_menu_item():
    return admin_views.guide_menu_item()


@hooks.register("construct_homepage_panels")
def dashboard(request, panels):
    panels.insert(0, admin_views.Dashboard(request))
