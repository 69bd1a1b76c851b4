"""The admin's menu by what people come to do, short enough for a screen of 900 pixels.

Each room registers its items where Wagtail has a place for them; here they are put in order.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem


@dataclass(frozen=True)
class MenuGroup:
    """A heading of the menu. `views` are the names of what it leads to, with their arguments."""

    name: str
    label: str | Promise
    icon: str
    views: tuple[str, ...]


# The last group also takes what none of them names, so that nothing is lost.
GROUPS = (
    MenuGroup(
        "material",
        _("Material"),
        "pick",
        (
            "wagtailsnippets_marketplace_materiallisting:list",
            "wagtailsnippets_marketplace_wantedad:list",
            "wagtailsnippets_marketplace_idea:list",
            "marketplace_reservation_modeladmin_index",
            "marketplace_handover_modeladmin_index",
            "marketplace_note_modeladmin_index",
            "marketplace_recall_modeladmin_index",
            "transport_days",
            "wagtailsnippets_marketplace_carrier:list",
            "wagtailsnippets_marketplace_round:list",
            "wagtailsnippets_marketplace_materialcategory:list",
            "wagtailsnippets_marketplace_climatefactor:list",
            "wagtailsnippets_taggit_tag:list",
        ),
    ),
    MenuGroup(
        "organisations",
        _("Organisations"),
        "group",
        (
            "wagtailsnippets_marketplace_organisation:list",
            "people_report",
            "staff_people",
            "wagtailsnippets_marketplace_collaboration:list",
            "wagtailsnippets_marketplace_hub:list",
            "wagtailsnippets_marketplace_municipality:list",
        ),
    ),
    MenuGroup(
        "inspiration",
        _("Inspiration"),
        "edit",
        (
            "wagtailadmin_explore_root",
            "wagtailsnippets_inspiration_lessontip:list",
            "wagtailimages:index",
            "wagtaildocs:index",
            "wagtailforms:index",
            "answer_report",
            "marketplace_booking_modeladmin_index",
            "translation_list",
            "wagtailadmin_reports:aging_pages",
            "wagtailadmin_reports:page_types_usage",
            "wagtailadmin_reports:locked_pages",
            "wagtailadmin_reports:site_history",
        ),
    ),
    MenuGroup(
        "campaigns",
        _("Campaigns"),
        "mail",
        (
            "campaigns_report",
            "campaign_links_report",
            "wagtailsnippets_inspiration_campaignchannel:list",
            "wagtailsnippets_inspiration_campaignparticipant:list",
            "wagtailsnippets_inspiration_newsletter:list",
            "wagtailsnippets_inspiration_subscriber:list",
            "wagtailsnippets_inspiration_newsletterdelivery:list",
        ),
    ),
    MenuGroup(
        "effect",
        _("Effect"),
        "globe",
        (
            "figure_reports:dashboard",
            "figure_reports:municipalities",
            "figure_reports:months",
            "figure_reports:categories",
            "figure_reports:organisations",
            "figure_reports:use",
            "figure_reports:purchases",
            "marketplace_purchasereport_modeladmin_index",
            "figure_reports:ratings",
            "figure_reports:revaluations",
            "figure_reports:costs",
            "wagtailsnippets_marketplace_costsharing:list",
        ),
    ),
    MenuGroup(
        "search",
        _("Search"),
        "search",
        (
            "search_report",
            "wagtailsnippets_search_synonym:list",
            "wagtailsearchpromotions:index",
            "wagtailsnippets_search_intention:list",
        ),
    ),
    MenuGroup(
        "settings",
        _("Settings"),
        "cogs",
        (
            "wagtailsettings:edit portal sitesettings",
            "wagtailsettings:edit marketplace participationsettings",
            "wagtailsnippets_portal_termsversion:list",
            "wagtailsites:index",
            "new_site",
            "wagtaillocales:index",
            "wagtailredirects:index",
            "wagtailadmin_collections:index",
            "wagtailadmin_workflows:index",
            "wagtailusers_users:index",
            "wagtailusers_groups:index",
            "system_state",
            "post_office_email_modeladmin_index",
            "audit:index",
            "retention:index",
        ),
    ),
)
# What stands alone, before the groups.
ALONE = ("queue",)
# What waits is in the queue, what is searched for in our own report, tasks are made by code, and
# translated texts are in the list of translations.
REPLACED = (
    "wagtailadmin_workflows:task_index",
    "wagtailadmin_reports:workflow",
    "wagtailadmin_reports:workflow_tasks",
    "wagtailsearchpromotions:search_terms",
    "wagtailsnippets_marketplace_translatedtext:list",
)


@hooks.register("construct_main_menu", order=1000)
def follow_the_work(request: HttpRequest, items: list[MenuItem]) -> None:
    """Put the items that the reader may see in groups; a group of one is that item alone."""
    help_menu = [item for item in items if item.name == "help"]
    found = {str(item.url): item for item in links(items, request)}
    for view in REPLACED:
        found.pop(url_of(view), None)
    today = MenuItem(_("Today"), reverse("wagtailadmin_home"), name="today", icon_name="home")
    arranged: list[MenuItem] = [today, *taken(found, ALONE)]
    for group in GROUPS:
        inside = taken(found, group.views)
        if group is GROUPS[-1]:
            inside += found.values()
        if len(inside) > 1:
            arranged.append(submenu(group, inside))
        else:
            arranged += inside
    items[:] = in_order(arranged + help_menu)


def links(items: Iterable[MenuItem], request: HttpRequest) -> list[MenuItem]:
    """The items that lead somewhere, those of submenus included; not those of the help menu."""
    found = []
    for item in items:
        if item.name == "help":
            continue
        if isinstance(item, SubmenuMenuItem):
            found += links(item.menu.menu_items_for_request(request), request)
        else:
            found.append(item)
    return found


def url_of(view: str) -> str:
    name, *arguments = view.split()
    return reverse(name, args=arguments)


def taken(found: dict[str, MenuItem], views: Iterable[str]) -> list[MenuItem]:
    """Take the items of `views` out of `found`, in the order of `views`."""
    items = (found.pop(url_of(view), None) for view in views)
    return [item for item in items if item]


def submenu(group: MenuGroup, items: list[MenuItem]) -> SubmenuMenuItem:
    return SubmenuMenuItem(
        group.label, Menu(items=in_order(items)), name=group.name, icon_name=group.icon
    )


def in_order(items: Iterable[MenuItem]) -> list[MenuItem]:
    """Copies of `items` that Wagtail shows in this order: the items are shared by all requests.

    Whether the reader may see them has been asked, sometimes of the database: not again.
    """
    ordered = []
    for order, item in enumerate(items):
        own = copy(item)
        own.order = order
        own.is_shown = is_shown
        ordered.append(own)
    return ordered


def is_shown(request: HttpRequest) -> bool:
    return True
