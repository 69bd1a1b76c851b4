"""What the exchange adds to Wagtail's admin."""

from functools import partial

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from post_office.models import Email
from taggit.models import Tag
from wagtail import hooks
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from marketplace.admin import (
    LedgerGroup,
    PartnersGroup,
    ReviewGroup,
    TransportGroup,
    VocabularyGroup,
)
from marketplace.desk import views as desk_views
from marketplace.desk.dashboard import Dashboard
from marketplace.desk.edit_menus import main_first
from marketplace.desk.queue.services import may_see_queue
from marketplace.desk.queue.views import queue
from marketplace.desk.views import guide
from marketplace.exchange.handovers.admin_views import correct_handover
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.notes.models import Note
from marketplace.exchange.reservations.models import Reservation
from marketplace.hubs.models import Hub
from marketplace.ideas.models import Idea
from marketplace.impact.collaborations.models import Collaboration
from marketplace.impact.costs.models import CostSharing
from marketplace.impact.purchases.admin_views import correct_purchase
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.reports.admin import CostSharingViewSet
from marketplace.impact.reports.menu import REPORTS, dashboard_menu_item, report_menu_item
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import ClimateFactor, MaterialCategory
from marketplace.municipalities.models import Municipality
from marketplace.occasions.models import Booking
from marketplace.offers.bulk_actions import ACTIONS
from marketplace.organisations.approval.views import review_organisation
from marketplace.organisations.identity.views import decide
from marketplace.organisations.membership import reports as membership_reports
from marketplace.organisations.membership.admin_views import people
from marketplace.organisations.merging.views import merge
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.school_units.admin_views import import_schools, school_import
from marketplace.organisations.scoping import (
    MunicipalPolicy,
    TwoSidedPolicy,
    handovers_to_choose,
    memberships_looked_after,
    municipal_rows,
    organisations_to_choose,
    whole_municipal_rows,
)
from marketplace.review.pages import page_viewset
from marketplace.roles.permissions import can_read_site_history
from marketplace.translations.admin import TranslatedTextViewSet
from marketplace.translations.models import TranslatedText
from marketplace.transport import admin_views as transport_views
from marketplace.transport.admin import days_menu_item
from marketplace.transport.models import Carrier, Round
from marketplace.wanted.models import WantedAd
from portal.foundation.menus import PermittedMenuItem
from portal.foundation.scopes import by_permission, everything, register_public, register_scope

from .desk.translations import admin as translations_admin  # noqa: F401  # registers its hooks
from .roles import admin as roles_admin  # noqa: F401  # registers its hooks

# What is not registered here is shut: see `portal.foundation.scopes`.
for model in (
    Booking,
    MaterialListing,
    WantedAd,
    ClimateFactor,
    CostSharing,
    Reservation,
    Note,
    Email,
    TranslatedText,
):
    register_scope(model, by_permission)
register_scope(Idea, lambda rows, user: by_permission(rows.approved(), user))
register_permission_policy(Municipality, MunicipalPolicy(Municipality, lookups=["pk"]))
register_scope(Municipality, municipal_rows, chosen=everything)
for model in (MaterialCategory, Tag):
    # Their names are public.
    register_scope(model, by_permission, chosen=everything)
register_permission_policy(Hub, MunicipalPolicy(Hub, lookups=["organisation__municipality"]))
register_scope(Hub, municipal_rows)
register_scope(Organisation, municipal_rows, chosen=organisations_to_choose)
register_scope(Membership, memberships_looked_after)
register_scope(PurchaseReport, municipal_rows)
register_scope(Collaboration, municipal_rows, opened=whole_municipal_rows)
register_scope(Handover, municipal_rows, opened=whole_municipal_rows, chosen=handovers_to_choose)

# What the public API answers. Handovers only as sums: see `marketplace.impact.open_data`.
register_public(Municipality, lambda rows, site: rows.for_site(site))
register_public(MaterialCategory, lambda rows, site: rows.source())
register_public(MaterialListing, lambda rows, site: rows.available().for_site(site))
for model, lookup in ((Carrier, "municipality"), (Round, "carrier__municipality")):
    register_permission_policy(model, MunicipalPolicy(model, lookups=[lookup]))
    register_scope(model, municipal_rows)

# Coordinators see their own municipality in lists, choosers and edit pages alike.
register_permission_policy(Organisation, MunicipalPolicy(Organisation, lookups=["municipality"]))
register_permission_policy(
    PurchaseReport, MunicipalPolicy(PurchaseReport, lookups=["municipality"])
)
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
register_snippet(TransportGroup)
register_snippet(VocabularyGroup)
register_snippet(CostSharingViewSet)
register_snippet(TranslatedTextViewSet)
modeladmin_register(LedgerGroup)
for action in ACTIONS:
    hooks.register("register_bulk_action", action, order=100)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("overlamningar/<int:pk>/ratta/", correct_handover, name="correct_handover"),
        path("inkop/<int:pk>/ratta/", correct_purchase, name="correct_purchase"),
        path(
            "organisationer/<int:pk>/granska/",
            review_organisation,
            name="review_organisation",
        ),
        path("organisationer/<int:pk>/sla-ihop/", merge, name="merge_organisation"),
        path("organisationer/<int:pk>/namn/", decide, name="decide_identity"),
        path("organisationer/<int:pk>/personer/", people, name="organisation_people"),
        *membership_reports.urlpatterns,
        path("organisationer/skolor/", import_schools, name="import_schools"),
        path("organisationer/skolor/<int:pk>/", school_import, name="school_import"),
        path("ko/", queue, name="queue"),
        path("guide/", guide, name="editors_guide"),
        path("transport/", transport_views.days, name="transport_days"),
        path("transport/<int:pk>/", transport_views.day, name="transport_day"),
        path("transport/<int:pk>/lista.pdf", transport_views.printed, name="transport_print"),
        path("transport/<int:pk>/<slug:action>/", transport_views.act, name="transport_act"),
        path("effekt/", include("marketplace.impact.reports.urls")),
    ]


@hooks.register("register_help_menu_item")
def guide_menu_item():
    return desk_views.guide_menu_item()


@hooks.register("construct_help_menu")
def own_help(request, items):
    # Wagtail's guide and news are in English, and about Wagtail.
    items[:] = [item for item in items if "wagtail.org" not in str(item.url)]


@hooks.register("construct_homepage_panels")
def first_panel(request, panels):
    # Wagtail's own list reads in all that waits at once; ours has pages, see `desk.queue`.
    panels[:] = [each for each in panels if not isinstance(each, WorkflowObjectsToModeratePanel)]
    panels.insert(0, Dashboard(request))


@hooks.register("construct_page_action_menu", order=1000)
def page_buttons(items, request, context):
    page = context.get("page")
    # An alias shows its texts in the language that they were written in.
    items[:] = [item for item in items if item.name != "localize-convert-to-alias"]
    main_first(items, is_live=bool(page and page.live))


@hooks.register("construct_snippet_action_menu", order=1000)
def snippet_buttons(items, request, context):
    if context["draftstate_enabled"]:
        main_first(items, is_live=bool(getattr(context.get("instance"), "live", False)))


# After Wagtail's own for the same model.
@hooks.register("register_admin_viewset", order=1000)
def pages_that_read_once():
    return page_viewset


@hooks.register("construct_homepage_summary_items", order=1000)
def no_summary(request, items):
    # How many pages and pictures there are tells nobody what to do.
    items.clear()


@hooks.register("register_admin_menu_item")
def queue_menu_item():
    return PermittedMenuItem(
        _("Waiting"), reverse("queue"), name="queue", icon_name="tasks", order=50, may=may_see_queue
    )


@hooks.register("register_admin_menu_item")
def figures_menu_item():
    return dashboard_menu_item()


@hooks.register("register_admin_menu_item")
def transport_menu_item():
    return days_menu_item()


for report in REPORTS:
    hooks.register("register_reports_menu_item", partial(report_menu_item, *report))


@hooks.register("register_reports_menu_item")
def people_menu_item():
    return membership_reports.menu_item()


@hooks.register("construct_reports_menu")
def only_reports_of_use(request, items):
    hidden = set()
    if not can_read_site_history(request.user):
        hidden.add(reverse("wagtailadmin_reports:site_history"))
    # Ours shows what is to be done and sends it for review.
    hidden.add(reverse("wagtail_localize:translations_report"))
    # By address: what Wagtail calls an item depends on the language it was first asked for in.
    items[:] = [item for item in items if item.url not in hidden]


@hooks.register("insert_global_admin_css")
def figures_css():
    return format_html('<link rel="stylesheet" href="{}">', static("portal/css/admin-figures.css"))
