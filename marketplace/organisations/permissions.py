"""Who may do what in the exchange: one predicate per action.

Templates load them by the same names with `{% load permissions %}`. What stands in the way besides
(nothing left, already answered) is not a matter of permission: `services` says so.
"""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Site

from marketplace.municipalities.models import Municipality, site_of
from marketplace.organisations.models import Membership, Organisation, OrganisationQuerySet
from marketplace.roles.models import Role
from marketplace.roles.permissions import (
    coordinates,
    has_role,
    municipalities_for,
)
from portal.foundation.users.models import User

SESSION_KEY = "acting_organisation"
REMEMBERED, OWN = "_acting_organisation", "_own_organisations"


def acting_organisation(request: HttpRequest) -> Organisation | None:
    """The organisation that the signed-in person acts for, or None.

    The one chosen (kept in the session), else the first that they are an active member of.
    """
    if not request.user.is_authenticated:
        return None
    if not hasattr(request, REMEMBERED):
        own = organisations_of(request)
        chosen = request.session.get(SESSION_KEY)
        first = own[0] if own else None
        found = next((each for each in own if each.pk == chosen), first)
        setattr(request, REMEMBERED, found)
    return getattr(request, REMEMBERED)


def organisations_of(request: HttpRequest) -> list[Organisation]:
    """Those that the person may act for, read once for a request."""
    if not hasattr(request, OWN):
        setattr(request, OWN, list(own_organisations(request.user)))
    return getattr(request, OWN)


def act_for(request: HttpRequest, organisation: Organisation) -> None:
    """Remember that the person now acts for `organisation`, one of their own."""
    request.session[SESSION_KEY] = organisation.pk
    setattr(request, REMEMBERED, organisation)


def own_organisations(user: User | AnonymousUser) -> OrganisationQuerySet:
    """The organisations that `user` may act for, the one joined first coming first."""
    return (
        Organisation.objects.of_user(user)
        .select_related("municipality")
        .order_by("memberships__created_at", "pk")
    )


def giving_organisation(request: HttpRequest) -> Organisation | None:
    """The organisation to offer for: the one that is acted for, or else one not turned down.

    Who has no other is told on the form that it was turned down.
    """
    acting = acting_organisation(request)
    if acting and acting.approval != Organisation.Approval.REJECTED:
        return acting
    rejected = Organisation.Approval.REJECTED
    return own_organisations(request.user).exclude(approval=rejected).first() or acting


def approved_organisation(request: HttpRequest) -> Organisation | None:
    """The organisation to ask for: the one that is acted for, or else one that is approved."""
    acting = acting_organisation(request)
    if acting and acting.is_approved:
        return acting
    return own_organisations(request.user).approved().first()


def home_site(user: User) -> Site | None:
    """The site of the municipality that `user` works in, as member or as staff; None for others."""
    places = Municipality.objects.filter(
        Q(organisations__in=Organisation.objects.of_user(user)) | Q(role_assignments__user=user)
    )
    return site_of(*places)


def is_member(
    user: User | AnonymousUser,
    organisation: Organisation,
    own: Sequence[Organisation] | None = None,
) -> bool:
    """Whether `user` is an active member of `organisation`, or of what it was merged into.

    `own` are the organisations of `user`, where they have been read already.
    """
    if own is not None:
        return organisation.current_pk in {each.pk for each in own}
    return (
        user.is_authenticated
        and Membership.objects.active()
        .filter(user=user, organisation=organisation.current_pk)
        .exists()
    )


def is_administrator(user: User | AnonymousUser, organisation: Organisation) -> bool:
    """Whether `user` may change `organisation` and its members."""
    return (
        user.is_authenticated
        and Membership.objects.active()
        .filter(user=user, organisation=organisation, role=Membership.Role.ADMINISTRATOR)
        .exists()
    )


def can_offer(user: User | AnonymousUser) -> bool:
    """Offer material: members of an organisation, also while it waits for approval."""
    return (
        user.is_authenticated
        and Organisation.objects.of_user(user)
        .exclude(approval=Organisation.Approval.REJECTED)
        .exists()
    )


def can_import_schools(user: User | AnonymousUser) -> bool:
    """Import lists of schools: editors everywhere, coordinators into their own municipalities."""
    return has_role(user, Role.EDITOR, Role.COORDINATOR)


def municipalities_to_import(user: User | AnonymousUser) -> QuerySet[Municipality]:
    """The municipalities whose schools `user` may import."""
    if not can_import_schools(user):
        return Municipality.objects.none()
    limited = municipalities_for(user)
    return Municipality.objects.all() if limited is None else limited


def can_look_after(user: User | AnonymousUser, organisation: Organisation) -> bool:
    """Merge it and manage its people in the admin: editors, and its municipality's coordinators."""
    return has_role(user, Role.EDITOR) or coordinates(user, organisation.municipality_id)
