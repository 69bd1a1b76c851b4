"""Where people and roles are found in the admin."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from marketplace.roles.permissions import can_manage_people
from portal.foundation.menus import PermittedMenuItem


@hooks.register("register_admin_urls")
def admin_urls():
    return [path("personer/", include("marketplace.roles.urls"))]


@hooks.register("register_settings_menu_item")
def people_menu_item():
    return PermittedMenuItem(
        _("People and roles"),
        reverse("staff_people"),
        name="people-and-roles",
        icon_name="group",
        order=5,
        may=can_manage_people,
    )
