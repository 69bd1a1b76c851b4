"""Pages where the members of an organisation record its collaborations."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.impact.collaborations.forms import CollaborationForm
from marketplace.impact.collaborations.models import Collaboration
from marketplace.impact.permissions import can_record_collaboration
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import acting_organisation
from portal.foundation.users.requests import SignedInRequest


def own_organisation(request: SignedInRequest) -> Organisation:
    """Return the approved organisation that the user acts for, or deny access."""
    organisation = acting_organisation(request)
    if organisation is None or not can_record_collaboration(request.user, organisation):
        raise PermissionDenied
    return organisation


@login_required
def collaborations(request: SignedInRequest) -> HttpResponse:
    """List the organisation's collaborations, with a form for adding one."""
    organisation = own_organisation(request)
    form = CollaborationForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        form.record(by=request.user)
        messages.success(request, _("Thank you! The collaboration has been recorded."))
        return redirect("marketplace:collaborations")
    recorded = Collaboration.objects.of_organisation(organisation).select_related(
        "company", "partner"
    )
    return render(
        request,
        "marketplace/impact/collaborations/collaborations.html",
        {"organisation": organisation, "form": form, "collaborations": recorded},
    )


@login_required
@require_POST
def remove_collaboration(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a collaboration that the user recorded by mistake."""
    organisation = own_organisation(request)
    recorded = Collaboration.objects.of_organisation(organisation)
    get_object_or_404(recorded, pk=pk, recorded_by=request.user).delete()
    messages.success(request, _("The collaboration has been removed."))
    return redirect("marketplace:collaborations")
