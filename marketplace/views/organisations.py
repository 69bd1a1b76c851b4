"""Registering an organisation, joining one, and looking after its members."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace import organisations, permissions
from marketplace.errors import ExchangeError
from marketplace.forms.organisations import JoinForm, OrganisationForm
from marketplace.models import Membership, Organisation


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
            if membership.status == Membership.Status.ACTIVE:
                permissions.act_for(request, membership.organisation)
                messages.success(request, _("Welcome! You now act for your organisation."))
            else:
                messages.success(
                    request, _("Your colleagues have been asked to let you in. You get a mail.")
                )
            return redirect(_next(request) or "marketplace:my_page")
        if new.is_bound and new.is_valid():
            organisation = organisations.register_organisation(
                organisation=new.save(commit=False), by=request.user
            )
            permissions.act_for(request, organisation)
            if organisation.is_approved:
                messages.success(request, _("Welcome! Your organisation has been approved."))
            else:
                messages.success(
                    request,
                    _("Thank you! We look at your organisation and send a mail. Go on meanwhile."),
                )
            return redirect(_next(request) or "marketplace:my_page")
    return render(
        request,
        "marketplace/organisation_register.html",
        {
            "join": join,
            "new": new,
            "next": _next(request),
            "names": Organisation.objects.approved().values_list("name", flat=True)[:500],
        },
    )


@login_required
def organisation(request):
    """The organisation that the person acts for: its details and its members."""
    own = permissions.acting_organisation(request)
    if own is None:
        return redirect("marketplace:organisation_register")
    administers = permissions.is_administrator(request.user, own)
    form = OrganisationForm(request.POST or None, instance=own) if administers else None
    if request.method == "POST":
        if not administers:
            raise PermissionDenied
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("marketplace:organisation")
    return render(
        request,
        "marketplace/organisation.html",
        {
            "organisation": own,
            "form": form,
            "administers": administers,
            "memberships": own.memberships.select_related("user").order_by("status", "pk"),
        },
    )


@login_required
@require_POST
def member(request, pk):
    """Let in, promote, demote or remove a member; anybody may leave."""
    membership = get_object_or_404(Membership.objects.select_related("user", "organisation"), pk=pk)
    own = membership.user == request.user
    action = request.POST.get("action")
    if not permissions.is_administrator(request.user, membership.organisation) and not (
        own and action == "remove"
    ):
        raise PermissionDenied
    try:
        if action == "accept":
            organisations.accept_member(membership=membership)
        elif action in Membership.Role.values:
            organisations.set_role(membership=membership, role=action)
        elif action == "remove":
            organisations.remove_member(membership=membership)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("marketplace:organisation")
