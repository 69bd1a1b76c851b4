"""Registering an organisation, joining one, and looking after its members."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.organisations.lookup import alike
from marketplace.organisations.membership.forms import JoinForm
from marketplace.organisations.membership.services import ask_to_join
from marketplace.organisations.models import Membership
from marketplace.organisations.permissions import act_for
from marketplace.organisations.registration.forms import INVITATION_KEY
from marketplace.organisations.registration.organisation_form import OrganisationForm
from marketplace.organisations.registration.services import (
    carry_out_registration,
    register_organisation,
)
from portal.foundation import throttling
from portal.foundation.redirects import next_url


@login_required
def register(request):
    """Join an organisation that is here, or register a new one. Both on one page."""
    join = JoinForm(request.POST if "joining" in request.POST else None)
    new = OrganisationForm(request.POST if "new" in request.POST else None)
    if request.method == "POST":
        if join.is_bound and join.is_valid():
            membership = ask_to_join(
                organisation=join.cleaned_data["organisation"], by=request.user
            )
            welcome(request, membership)
            return redirect(next_url(request, "marketplace:my_page"))
        if new.is_bound and new.is_valid() and may_register(request, new):
            organisation = register_organisation(
                organisation=new.save(commit=False), by=request.user
            )
            welcome(request, organisation.memberships.get(user=request.user))
            return redirect(next_url(request, "marketplace:my_page"))
    return render(
        request,
        "marketplace/organisations/organisation_register.html",
        {"join": join, "new": new, "next": next_url(request)},
    )


def may_register(request, form):
    """Whether the person and their address may register one more; if not, add a form error."""
    try:
        throttling.consume_by_device("organisation", request=request)
    except throttling.TooOften as error:
        form.add_error(None, str(error))
        return False
    return True


def find_organisation(request):
    """Suggestions for the field that asks for one's organisation: buttons that choose one."""
    throttling.consume_by_device("search", request=request)
    return render(
        request,
        "marketplace/organisations/organisation_options.html",
        {"organisations": alike(request.GET.get("organisation", ""))},
    )


def welcome(request, membership):
    """Say what comes next to somebody who has named their organisation, and act for it."""
    organisation = membership.organisation
    if membership.status != Membership.Status.ACTIVE:
        messages.success(
            request,
            _("%(name)s has been asked to approve you. The answer is shown on your page.")
            % {"name": organisation.name},
        )
        return
    act_for(request, organisation)
    if organisation.is_approved:
        messages.success(
            request, _("Welcome! You now act for %(name)s.") % {"name": organisation.name}
        )
    else:
        messages.success(
            request,
            _("Thank you! The municipality checks the details. You can continue meanwhile."),
        )


def on_signed_in(sender, request, user, **kwargs):
    """Carry out what somebody asked for when registering, the first time that they are let in."""
    if membership := carry_out_registration(user=user):
        request.session.pop(INVITATION_KEY, None)
        welcome(request, membership)
