"""Registering an organisation, joining one, and looking after its members."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace import organisations, permissions
from marketplace.errors import ExchangeError
from marketplace.forms.organisations import InvitationForm, JoinForm, OrganisationForm
from marketplace.forms.signup import INVITATION_KEY
from marketplace.models import Invitation, Membership, Organisation

SUGGEST_FROM = 2
SUGGESTED = 20


def _next(request):
    address = request.POST.get("next") or request.GET.get("next") or ""
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else ""


@login_required
def register(request):
    """Join an organisation that is here, or register a new one. Both on one page."""
    join = JoinForm(request.POST if "join" in request.POST else None)
    new = OrganisationForm(request.POST if "new" in request.POST else None)
    if request.method == "POST":
        if join.is_bound and join.is_valid():
            membership = organisations.ask_to_join(
                organisation=join.cleaned_data["organisation"], by=request.user
            )
            welcome(request, membership)
            return redirect(_next(request) or "marketplace:my_page")
        if new.is_bound and new.is_valid():
            organisation = organisations.register_organisation(
                organisation=new.save(commit=False), by=request.user
            )
            welcome(request, organisation.memberships.get(user=request.user))
            return redirect(_next(request) or "marketplace:my_page")
    return render(
        request,
        "marketplace/organisation_register.html",
        {"join": join, "new": new, "next": _next(request)},
    )


def find_organisation(request):
    """Suggestions for the field that asks for one's organisation: options for its list."""
    text = request.GET.get("organisation", "").strip()
    found = Organisation.objects.none()
    if len(text) >= SUGGEST_FROM:
        found = (
            Organisation.objects.approved()
            .filter(Q(name__icontains=text) | Q(org_number__startswith=text))
            .select_related("municipality")
        )
    return render(
        request, "marketplace/organisation_options.html", {"organisations": found[:SUGGESTED]}
    )


@login_required
def organisation(request):
    """The organisation that the person acts for: its details, its members, whom to invite."""
    own = permissions.acting_organisation(request)
    if own is None:
        return redirect("marketplace:organisation_register")
    administers = permissions.is_administrator(request.user, own)
    form = invitation_form = None
    if administers:
        inviting = "invite" in request.POST
        form = OrganisationForm(
            request.POST if request.POST and not inviting else None, instance=own
        )
        invitation_form = InvitationForm(request.POST if inviting else None)
    if request.method == "POST":
        if not administers:
            raise PermissionDenied
        if form.is_bound and form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("marketplace:organisation")
        if invitation_form.is_bound and invitation_form.is_valid():
            try:
                organisations.invite(
                    organisation=own, by=request.user, **invitation_form.cleaned_data
                )
            except ExchangeError as error:
                messages.error(request, str(error))
            else:
                messages.success(
                    request,
                    _("The invitation is on its way to %(email)s.")
                    % {"email": invitation_form.cleaned_data["email"]},
                )
            return redirect("marketplace:organisation")
    return render(
        request,
        "marketplace/organisation.html",
        {
            "organisation": own,
            "organisations": permissions.own_organisations(request.user),
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
    if not permissions.is_administrator(request.user, invitation.organisation):
        raise PermissionDenied
    if invitation.accepted_at is None:
        invitation.delete()
    messages.success(request, _("The invitation has been taken back."))
    return redirect("marketplace:organisation")


def join_by_invitation(request, token):
    """Where the link of an invitation leads: join when signed in, else sign in or register."""
    invitations = Invitation.objects.select_related("organisation__municipality", "created_by")
    invitation = invitations.filter(token=token).first()
    if invitation is None:
        # Taken back, or never there: nobody can tell which.
        return render(request, "marketplace/invitation_over.html", status=404)
    if not invitation.is_open:
        if permissions.is_member(request.user, invitation.organisation):
            # Who has come in by a link goes on using it as the way here.
            return redirect("marketplace:my_page")
        return render(request, "marketplace/invitation_over.html", status=410)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            organisations.accept_invitation(invitation=invitation, by=request.user)
        except ExchangeError as error:
            messages.error(request, str(error))
        else:
            permissions.act_for(request, invitation.organisation)
            messages.success(
                request, _("Welcome! You now act for %(name)s.") % {"name": invitation.organisation}
            )
        return redirect("marketplace:my_page")
    # Registering asks for no organisation then.
    request.session[INVITATION_KEY] = token
    return render(request, "marketplace/invitation.html", {"invitation": invitation})


@login_required
@require_POST
def member(request, pk):
    """Let in, promote, demote or remove a member; anybody may leave."""
    membership = get_object_or_404(Membership.objects.select_related("user", "organisation"), pk=pk)
    named = {"person": membership.user, "organisation": membership.organisation}
    own = membership.user == request.user
    action = request.POST.get("action")
    if not permissions.is_administrator(request.user, membership.organisation) and not (
        own and action == "remove"
    ):
        raise PermissionDenied
    done = _("Saved.")
    try:
        if action == "accept":
            organisations.accept_member(membership=membership)
            done = _("%(person)s is in.") % named
        elif action in Membership.Role.values:
            organisations.set_role(membership=membership, role=action)
        elif action == "remove":
            organisations.remove_member(membership=membership, by=request.user)
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


# --- Registering ----------------------------------------------------------------------------------


def welcome(request, membership):
    """Say what comes next to somebody who has named their organisation, and act for it."""
    organisation = membership.organisation
    if membership.status != Membership.Status.ACTIVE:
        messages.success(
            request,
            _("%(name)s has been asked to let you in. You get a mail.")
            % {"name": organisation.name},
        )
        return
    permissions.act_for(request, organisation)
    if organisation.is_approved:
        messages.success(
            request, _("Welcome! You now act for %(name)s.") % {"name": organisation.name}
        )
    else:
        messages.success(
            request,
            _("Thank you! We look at your organisation and send a mail. Go on meanwhile."),
        )


def on_signed_in(sender, request, user, **kwargs):
    """Carry out what somebody asked for when registering, the first time that they are let in."""
    if membership := organisations.carry_out_registration(user=user):
        request.session.pop(INVITATION_KEY, None)
        welcome(request, membership)
