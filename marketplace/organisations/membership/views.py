"""An organisation and its members, for those who belong to it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.organisations.approval.services import answer_changes
from marketplace.organisations.identity.services import save_details
from marketplace.organisations.membership.forms import InvitationForm
from marketplace.organisations.membership.models import Invitation
from marketplace.organisations.membership.services import (
    accept_invitation,
    accept_member,
    invite,
    is_for,
    remove_member,
    set_role,
)
from marketplace.organisations.models import Membership
from marketplace.organisations.permissions import (
    act_for,
    acting_organisation,
    is_administrator,
    is_member,
    own_organisations,
)
from marketplace.organisations.registration.forms import INVITATION_KEY
from marketplace.organisations.registration.organisation_form import OrganisationForm
from marketplace.review.errors import ExchangeError
from portal.foundation.throttling import TooOften


def _save(request, form):
    """Save the details that were sent, if any; returns whether that is done."""
    if not (form.is_bound and form.is_valid()):
        return False
    own = form.save(commit=False)
    change = save_details(organisation=own, by=request.user)
    if answer_changes(organisation=own, by=request.user):
        said = _("Thank you. We will look at it again, and you will hear from us.")
    elif change:
        said = _("Saved. The new name or web address is shown once it has been reviewed.")
    else:
        said = _("Saved.")
    messages.success(request, said)
    return True


def _invite(request, form, organisation):
    """Send the invitation that was asked for, if any; returns whether that is done."""
    if not (form.is_bound and form.is_valid()):
        return False
    try:
        invite(organisation=organisation, by=request.user, **form.cleaned_data)
    except (ExchangeError, TooOften) as error:
        form.add_error("email", str(error))
        return False
    said = _("The invitation is on its way to %(email)s.")
    messages.success(request, said % {"email": form.cleaned_data["email"]})
    return True


@login_required
def organisation(request):
    """The organisation that the person acts for: its details, its members, whom to invite."""
    own = acting_organisation(request)
    if own is None:
        return redirect("marketplace:organisation_register")
    administers = is_administrator(request.user, own)
    form = invitation_form = None
    if administers:
        inviting = "invite" in request.POST
        form = OrganisationForm(
            request.POST if request.POST and not inviting else None, instance=own
        )
        invitation_form = InvitationForm(request.POST if inviting else None)
    if request.method == "POST":
        if form is None or invitation_form is None:
            raise PermissionDenied
        if _save(request, form) or _invite(request, invitation_form, own):
            return redirect("marketplace:organisation")
    return render(
        request,
        "marketplace/organisations/organisation.html",
        {
            "organisation": own,
            "organisations": own_organisations(request.user),
            "form": form,
            "invitation_form": invitation_form,
            "invitations": own.invitations.open() if administers else [],
            "administers": administers,
            "memberships": own.memberships.select_related("user").order_by("status", "pk"),
        },
    )


@login_required
@require_POST
def revoke_invitation(request, pk):
    """Take an invitation back: its link leads nowhere from now on."""
    invitation = get_object_or_404(Invitation.objects.select_related("organisation"), pk=pk)
    if not is_administrator(request.user, invitation.organisation):
        raise PermissionDenied
    if invitation.accepted_at is None:
        invitation.delete()
    messages.success(request, _("The invitation has been withdrawn."))
    return redirect("marketplace:organisation")


def join_by_invitation(request, token):
    """Where the link of an invitation leads: join when signed in, else sign in or register."""
    invitations = Invitation.objects.select_related("organisation__municipality", "created_by")
    invitation = invitations.filter(token=token).first()
    if invitation is None:
        # Taken back, or never there: nobody can tell which.
        return render(request, "marketplace/organisations/invitation_over.html", status=404)
    if not invitation.is_open:
        if is_member(request.user, invitation.organisation):
            # Who has come in by a link goes on using it as the way here.
            return redirect("marketplace:my_page")
        return render(request, "marketplace/organisations/invitation_over.html", status=410)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            accept_invitation(invitation=invitation, by=request.user)
        except ExchangeError as error:
            messages.error(request, str(error))
        else:
            act_for(request, invitation.organisation)
            messages.success(
                request, _("Welcome! You now act for %(name)s.") % {"name": invitation.organisation}
            )
        return redirect("marketplace:my_page")
    # Registering asks for no organisation then.
    request.session[INVITATION_KEY] = token
    signed_in = request.user.is_authenticated
    values = {
        "invitation": invitation,
        "for_another": signed_in and not is_for(invitation, request.user),
    }
    return render(request, "marketplace/organisations/invitation.html", values)


@login_required
@require_POST
def member(request, pk):
    """Let in, promote, demote or remove a member; anybody may leave."""
    membership = get_object_or_404(Membership.objects.select_related("user", "organisation"), pk=pk)
    named = {"person": membership.user, "organisation": membership.organisation}
    own = membership.user == request.user
    action = request.POST.get("action")
    if not is_administrator(request.user, membership.organisation) and not (
        own and action == "remove"
    ):
        raise PermissionDenied
    done = _("Saved.")
    try:
        if action == "accept":
            accept_member(membership=membership, by=request.user)
            done = _("%(person)s is in.") % named
        elif action in Membership.Role.values:
            set_role(membership=membership, role=action, by=request.user)
        elif action == "remove":
            remove_member(membership=membership, by=request.user)
            done = (
                _("You no longer act for %(organisation)s.")
                if own
                else _("%(person)s no longer acts for %(organisation)s.")
            ) % named
    except ExchangeError as error:
        messages.error(request, str(error))
        return redirect("marketplace:organisation")
    messages.success(request, done)
    left = own and action == "remove"
    return redirect("marketplace:my_page" if left else "marketplace:organisation")
