"""The times when an organisation lets its material be fetched."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace import permissions
from marketplace.forms.pickups import PickupTimeForm
from marketplace.models import PickupTime


@login_required
def pickup_times(request):
    """The acting organisation's pickup times, and a form for one more."""
    organisation = permissions.acting_organisation(request)
    if organisation is None or not permissions.can_offer(request.user):
        raise PermissionDenied
    form = PickupTimeForm(request.POST or None, instance=PickupTime(organisation=organisation))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The time is added. Schools can choose it from now on."))
        return redirect("marketplace:pickup_times")
    times = organisation.pickup_times.all()
    return render(request, "marketplace/pickup_times.html", {"form": form, "times": times})


@login_required
@require_POST
def remove_pickup_time(request, pk):
    own = permissions.own_organisations(request.user)
    get_object_or_404(PickupTime, pk=pk, organisation__in=own).delete()
    messages.success(request, _("The time is removed. What has been agreed on still holds."))
    return redirect("marketplace:pickup_times")
