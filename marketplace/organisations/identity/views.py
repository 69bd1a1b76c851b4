"""Deciding in the admin about a new name or web address of an approved organisation."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.organisations.identity.models import IdentityChange
from marketplace.organisations.identity.services import approve_change, refuse_change
from marketplace.organisations.permissions import can_look_after
from portal.foundation.users.models import User


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse the change that waits for the organisation `pk`."""
    changes = IdentityChange.objects.select_related("organisation")
    change = get_object_or_404(changes, organisation=pk)
    if not can_look_after(request.user, change.organisation):
        raise PermissionDenied
    by = cast(User, request.user)
    if "approve" in request.POST:
        approve_change(change=change, by=by)
        messages.success(request, _("The new name is shown from now on."))
    else:
        refuse_change(change=change, by=by)
        messages.success(request, _("The organisation keeps its name, and is notified."))
    return redirect("review_organisation", pk)
