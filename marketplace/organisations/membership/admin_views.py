"""The people of an organisation in the admin, for those who look after it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.organisations.membership import services
from marketplace.organisations.membership.forms import InvitationForm
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.permissions import can_look_after
from marketplace.review.errors import ExchangeError
from portal.foundation import scopes
from portal.foundation.users.requests import SignedInRequest


def people(request: SignedInRequest, pk: int) -> HttpResponse:
    """See, invite, let in and remove people, and pass on the administrator's role."""
    rows = scopes.opened(Organisation.objects.select_related("municipality"), request.user)
    organisation = get_object_or_404(rows, pk=pk)
    if not can_look_after(request.user, organisation):
        raise PermissionDenied
    form = InvitationForm(request.POST if "invite" in request.POST else None)
    form.fields["email"].label = _("E-mail address")
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            if form.is_bound:
                services.invite(organisation=organisation, by=request.user, **form.cleaned_data)
                done = _("The invitation is on its way to %(email)s.") % form.cleaned_data
            else:
                done = change(request, organisation)
        except ExchangeError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return redirect("organisation_people", pk)
    return render(
        request,
        "marketplace/organisations/admin/people.html",
        {
            "organisation": organisation,
            "form": form,
            "memberships": organisation.memberships.select_related("user").order_by("status", "pk"),
            "invitations": organisation.invitations.open(),
        },
    )


def change(request, organisation):
    """Carry out what was pressed beside one person, and say what happened."""
    number = request.POST.get("membership", "")
    membership = get_object_or_404(
        organisation.memberships.select_related("user", "organisation"),
        pk=int(number) if number.isdecimal() and len(number) < 10 else 0,
    )
    action = request.POST.get("action")
    named = {"person": membership.user, "organisation": organisation}
    if action == "accept":
        services.accept_member(membership=membership, by=request.user)
        return _("%(person)s is in.") % named
    if action in Membership.Role.values:
        services.set_role(membership=membership, role=action, by=request.user)
        return _("Saved.")
    if action == "remove":
        services.remove_member(membership=membership, by=request.user)
        return _("%(person)s no longer acts for %(organisation)s.") % named
    raise PermissionDenied
