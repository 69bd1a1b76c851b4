"""What a coordinator meets in the admin: the own municipality, in lists, pages and choosers alike.

A handover or a collaboration can have its other end in another municipality. It is shown, since it
counts here too, but the organisation there is "an organisation in" that municipality: it has no
name in any list, page, search, filter, export or mail.

Wagtail's own views ask a permission policy about a single row only here and there, so each address
with a row's key in it is checked here, before the view is reached.
"""

from functools import wraps

from django.contrib.admin.utils import unquote
from django.db.models import Case, F, Q, Value, When
from django.http import Http404
from django.utils.translation import gettext as _
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)
from wagtail.snippets.views.snippets import SnippetViewSet

from .permissions import municipalities_for


def elsewhere(municipality):
    """What an organisation of another municipality is called."""
    return _("an organisation in %(municipality)s") % {"municipality": municipality.name}


def shown_name(organisation, user):
    """The name of `organisation`, or where it is, for a coordinator of another municipality."""
    own = municipalities_for(user)
    if own is None or own.filter(pk=organisation.municipality_id).exists():
        return organisation.name
    return elsewhere(organisation.municipality)


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
            self.concerns(user, instance.pk)
        )

    def concerns(self, user, pk):
        """Whether the row with key `pk` is in the user's municipalities, or they have no limit."""
        return (
            municipalities_for(user) is None
            or self.within(self.model._default_manager.filter(pk=pk), user).exists()
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

    def within(self, queryset, user):
        """The rows whose own pages and choosers the user may open: in whole, names and all."""
        return self.limit(queryset, user)


class TwoSidedPolicy(MunicipalPolicy):
    """For rows with an organisation at either end: listed if one is the user's, open if both are.

    `lookups` are the ways to the municipality of each end.
    """

    def within(self, queryset, user):
        own = municipalities_for(user)
        if own is None:
            return queryset
        return queryset.filter(**{f"{lookup}__in": own for lookup in self.lookups})


class MunicipalChooserViewSet(SnippetChooserViewSet):
    """Choosers that offer, and answer about, the own municipality's rows only."""

    class Limited:
        def get_object_list(self):
            return within(super().get_object_list(), self.request.user)

        def get_object(self, pk):
            return within(self.model_class.objects.all(), self.request.user).get(pk=pk)

        def get_objects(self, pks):
            return within(super().get_objects(pks), self.request.user)

    choose_view_class = type("ChooseView", (Limited, ChooseView), {})
    choose_results_view_class = type("ChooseResultsView", (Limited, ChooseResultsView), {})
    chosen_view_class = type("ChosenView", (Limited, SnippetChosenView), {})
    chosen_multiple_view_class = type(
        "ChosenMultipleView", (Limited, SnippetChosenMultipleView), {}
    )


def limited(queryset, user):
    """The rows of `queryset` that its model's policy lets `user` see."""
    return policy_registry.get_by_type(queryset.model).limit(queryset, user)


def within(queryset, user):
    """The rows of `queryset` that `user` may know all of."""
    return policy_registry.get_by_type(queryset.model).within(queryset, user)


class MunicipalViewSet(SnippetViewSet):
    """A snippet's admin in which a coordinator reaches the own municipality's rows only."""

    chooser_viewset_class = MunicipalChooserViewSet

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        if queryset is None:
            queryset = self.model._default_manager.all()
        return limited(queryset, request.user)

    def construct_view(self, view_class, **kwargs):
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def within_municipality(request, *args, **kwargs):
            pk = kwargs.get("pk")
            if pk is not None:
                policy = policy_registry.get_by_type(self.model)
                if not policy.concerns(request.user, unquote(str(pk))):
                    raise Http404
            return view(request, *args, **kwargs)

        return within_municipality
