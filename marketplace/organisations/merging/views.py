"""Merging two organisations in the admin: choose, look at both sides, confirm."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.snippets.widgets import AdminSnippetChooser

from marketplace.organisations.merging import services
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import can_look_after
from marketplace.review.errors import ExchangeError
from portal.foundation import scopes
from portal.foundation.form_fields import model_choice_field


class MergeForm(forms.Form):
    """Which organisation this one is the same as, and stays."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("The organisation that stays"),
        queryset=Organisation.objects.none(),
        widget=AdminSnippetChooser(Organisation),
    )

    def __init__(self, *args, user, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        others = Organisation.objects.exclude(pk=organisation.pk).filter(merged_into=None)
        model_choice_field(self, "into").queryset = scopes.opened(others, user).select_related(
            "municipality"
        )


def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose with `?into=`, which shows what follows; posting it merges."""
    rows = scopes.opened(Organisation.objects.select_related("municipality"), request.user)
    organisation = get_object_or_404(rows, pk=pk)
    if not can_look_after(request.user, organisation):
        raise PermissionDenied
    given = request.POST or request.GET
    form = MergeForm(
        given if "into" in given else None, user=request.user, organisation=organisation
    )
    into = form.cleaned_data["into"] if form.is_bound and form.is_valid() else None
    if into and not can_look_after(request.user, into):
        raise PermissionDenied
    if into and request.method == "POST":
        return finish(request, organisation, into)
    context = {"organisation": organisation, "into": into, "form": form}
    if into:
        context["sides"] = [side_of(organisation), side_of(into)]
        context["obstacle"] = services.obstacle(organisation, into)
        context["effects"] = services.merge_effects(organisation)
    return render(request, "marketplace/organisations/admin/merge.html", context)


def finish(request, organisation, into):
    try:
        services.merge_organisations(organisation=organisation, into=into, by=request.user)
    except ExchangeError as error:
        messages.error(request, str(error))
        return redirect("merge_organisation", organisation.pk)
    messages.success(
        request,
        _("%(gone)s is now part of %(kept)s.") % {"gone": organisation, "kept": into},
    )
    return redirect("review_organisation", into.pk)


def side_of(organisation):
    """What tells the two apart, as (organisation, people, listings, requests, handovers)."""
    handovers = organisation.handovers_given.count() + organisation.handovers_received.count()
    return {
        "organisation": organisation,
        "people": organisation.memberships.active().count(),
        "listings": organisation.listings.count(),
        "requests": organisation.reservations.count(),
        "handovers": handovers,
    }
