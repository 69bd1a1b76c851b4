"""Which rows of a model somebody reaches in the admin. A model without a scope is shut.

One scope per model, asked by lists, exports, pages of one row, choosers, actions on several rows,
the translators' API and the site history alike. What the public HTTP API answers is registered in
the same way: a model about which nothing is said has no rows there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permissions import policy_registry

ACTIONS = ("add", "change", "delete", "publish", "view")

# The user is of any user model.
Rows = Callable[[Any, Any], QuerySet]
# A queryset, and the site that somebody visits, or None.
PublicRows = Callable[[Any, Any], QuerySet]


@dataclass(frozen=True)
class Scope:
    """Three functions that take a queryset and a user, and return the rows that the user reaches.

    `listed`: in lists, searches and exports. `opened`: on a page of their own, names and all.
    `chosen`: offered where a row is chosen for something else.
    """

    listed: Rows
    opened: Rows
    chosen: Rows


SCOPES: dict[type[Model], Scope] = {}
PUBLIC: dict[type[Model], PublicRows] = {}


def register_scope(
    model: type[Model], listed: Rows, *, opened: Rows | None = None, chosen: Rows | None = None
) -> None:
    """Say which rows of `model` are reached. What is opened and chosen is what is listed."""
    opened = opened or listed
    SCOPES[model] = Scope(listed, opened, chosen or opened)


def register_public(model: type[Model], rows: PublicRows) -> None:
    """Say which rows of `model` everybody may read on a site."""
    PUBLIC[model] = rows


def public(rows: QuerySet, site) -> QuerySet:
    """Those of `rows` that everybody may read on `site`."""
    scope = PUBLIC.get(rows.model)
    return scope(rows, site) if scope else rows.none()


def has_scope(model: type[Model]) -> bool:
    return model in SCOPES


def listed(rows: QuerySet, user) -> QuerySet:
    """The rows that `user` finds in lists, searches and exports."""
    return _limit(rows, user, "listed")


def opened(rows: QuerySet, user) -> QuerySet:
    """The rows whose own pages `user` may open."""
    return _limit(rows, user, "opened")


def chosen(rows: QuerySet, user) -> QuerySet:
    """The rows that `user` may choose for something else."""
    return _limit(rows, user, "chosen")


def _limit(rows, user, part):
    scope = SCOPES.get(rows.model)
    if scope is None or not user.is_active:
        return rows.none()
    return getattr(scope, part)(rows, user)


# --- Functions to register ------------------------------------------------------------------------


def by_permission(rows: QuerySet, user) -> QuerySet:
    """All rows for those who may do anything with such rows, else none."""
    policy = policy_registry.get_by_type(rows.model)
    return rows if policy.user_has_any_permission(user, ACTIONS) else rows.none()


def everything(rows: QuerySet, user) -> QuerySet:
    """All rows: names that are public anyway, or rows that Wagtail's own views guard one by one."""
    return rows
