"""Limit a coordinator in the admin to their own municipalities: lists, pages and choosers alike.

A handover or a collaboration can have its other end in another municipality. It is shown, since it
counts here too, but the organisation there is "an organisation in" that municipality: it has no
name in any list, page, search, filter, export or mail.
"""

from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext as _
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry

from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinated_by, has_role, municipalities_for
from portal.foundation import scopes


def anonymised_name(municipality):
    """What an organisation of another municipality is called."""
    return _("an organisation in %(municipality)s") % {"municipality": municipality.name}


def shown_name(organisation, user):
    """The name of `organisation`, or where it is, for a coordinator of another municipality."""
    own = municipalities_for(user)
    if own is None or own.filter(pk=organisation.municipality_id).exists():
        return organisation.name
    return anonymised_name(organisation.municipality)


def name_for(user, path, *places):
    """An expression for the name at the end of `path`, empty where the reader may not know it.

    Each of `places` is a way to a municipality that the organisation belongs to, or belonged to on
    the day in question; one of the reader's own is enough.
    """
    own = municipalities_for(user)
    if own is None:
        return F(f"{path}__name")
    known = Q()
    for place in places:
        known |= Q(**{f"{place}__in": own})
    return Case(When(known, then=F(f"{path}__name")), default=Value(""))


class MunicipalPolicy(ModelPermissionPolicy):
    """What the groups say, and for coordinators only what touches their own municipalities.

    `lookups` are the ways from the model to a municipality; one that fits is enough.
    """

    def __init__(self, model, *, lookups):
        super().__init__(model)
        self.lookups = lookups

    def instances_user_has_any_permission_for(self, user, actions):
        return self.limit(super().instances_user_has_any_permission_for(user, actions), user)

    def user_has_permission_for_instance(self, user, action, instance):
        return super().user_has_permission_for_instance(user, action, instance) and (
            self.applies_to(user, instance.pk)
        )

    def applies_to(self, user, pk):
        """Whether the row with key `pk` is in the user's municipalities, or they have no limit."""
        return (
            municipalities_for(user) is None
            or self.limit_to_viewable(self.model._default_manager.filter(pk=pk), user).exists()
        )

    def limit(self, queryset, user):
        """The rows of `queryset` that concern the user's municipalities."""
        own = municipalities_for(user)
        if own is None:
            return queryset
        concerned = Q()
        for lookup in self.lookups:
            concerned |= Q(**{f"{lookup}__in": own})
        return queryset.filter(concerned)

    def limit_to_viewable(self, queryset, user):
        """The rows whose own pages and choosers the user may open: in whole, names and all."""
        return self.limit(queryset, user)


class TwoSidedPolicy(MunicipalPolicy):
    """For rows with an organisation at either end: listed if one is the user's, open if both are.

    `lookups` are the ways to the municipality of each end.
    """

    def limit_to_viewable(self, queryset, user):
        own = municipalities_for(user)
        if own is None:
            return queryset
        return queryset.filter(**{f"{lookup}__in": own for lookup in self.lookups})


def filter_listable(queryset, user):
    """The rows of `queryset` that its model's policy lets `user` see."""
    return policy_registry.get_by_type(queryset.model).limit(queryset, user)


def filter_viewable(queryset, user):
    """The rows of `queryset` that `user` may know all of."""
    return policy_registry.get_by_type(queryset.model).limit_to_viewable(queryset, user)


def municipal_rows(rows, user):
    """Scope: what touches the user's municipalities, for those who may do anything with it."""
    return filter_listable(scopes.by_permission(rows, user), user)


def whole_municipal_rows(rows, user):
    """Scope: what lies within the user's municipalities, names and all."""
    return filter_viewable(scopes.by_permission(rows, user), user)


def organisations_to_choose(rows, user):
    """Scope: besides their own, communicators choose those that take part for a campaign."""
    if not user.has_perm("marketplace.view_organisation") and has_role(user, Role.COMMUNICATOR):
        return rows.approved()
    return municipal_rows(rows, user)


def memberships_looked_after(rows, user):
    """Scope: the people of organisations, for editors and the municipality's coordinators."""
    if has_role(user, Role.EDITOR):
        return rows
    return rows.filter(organisation__municipality__in=coordinated_by(user))


def handovers_to_choose(rows, user):
    """Scope: besides those within their own, communicators choose any for a story."""
    if not user.has_perm("marketplace.view_handover") and has_role(user, Role.COMMUNICATOR):
        return rows
    return whole_municipal_rows(rows, user)
