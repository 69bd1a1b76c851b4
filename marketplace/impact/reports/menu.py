"""The reports that the menu and the dashboard list."""

from collections.abc import Callable
from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.impact.permissions import can_see_costs, can_see_figures, can_see_revaluations
from portal.foundation.menus import PermittedMenuItem
from portal.foundation.text_types import StrOrPromise
from portal.foundation.users.models import User

May: TypeAlias = Callable[[User | AnonymousUser], bool]
# (URL name, title, icon, predicate for who may see it)
Listed: TypeAlias = tuple[str, StrOrPromise, str, May]

REPORTS: list[Listed] = [
    ("figure_reports:municipalities", _("Key figures per municipality"), "site", can_see_figures),
    ("figure_reports:months", _("Key figures per month"), "date", can_see_figures),
    ("figure_reports:categories", _("Key figures per material"), "pick", can_see_figures),
    ("figure_reports:organisations", _("Key figures per organisation"), "group", can_see_figures),
    ("figure_reports:use", _("How the portal is used"), "user", can_see_figures),
    ("figure_reports:purchases", _("Bought new and brokered"), "list-ul", can_see_figures),
    ("figure_reports:ratings", _("How handovers went"), "comment", can_see_figures),
    ("figure_reports:revaluations", _("Recomputed factors"), "globe", can_see_revaluations),
    ("figure_reports:costs", _("Cost shares"), "calendar", can_see_costs),
]
# The same for reports of other apps, which register their own menu items.
FURTHER: list[Listed] = []


def reports_for(user: User | AnonymousUser) -> list[tuple[str, StrOrPromise]]:
    """Return [(URL, title)] of the reports that `user` may read."""
    return [(reverse(name), title) for name, title, _icon, may in REPORTS + FURTHER if may(user)]


def report_menu_item(name: str, title: StrOrPromise, icon: str, may: May) -> PermittedMenuItem:
    return PermittedMenuItem(
        title, reverse(name), name=name.replace(":", "-"), icon_name=icon, order=10, may=may
    )


def dashboard_menu_item() -> PermittedMenuItem:
    return PermittedMenuItem(
        _("Effect"),
        reverse("figure_reports:dashboard"),
        name="effect",
        icon_name="globe",
        order=105,
        may=can_see_figures,
    )
