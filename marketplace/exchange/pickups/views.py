"""The times when an organisation lets its material be fetched."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.exchange.pickups.forms import PickupTimeForm, TakeItNowForm
from marketplace.exchange.pickups.models import PickupTime, TakeItNow
from marketplace.organisations.permissions import acting_organisation, can_offer, own_organisations


@login_required
def pickup_times(request):
    """The acting organisation's pickup times, and a form for one more."""
    organisation = acting_organisation(request)
    if organisation is None or not can_offer(request.user):
        raise PermissionDenied
    if "now-up_to_kg" in request.POST:
        return take_it_now(request, organisation)
    form = PickupTimeForm(request.POST or None, instance=PickupTime(organisation=organisation))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The time has been added. Schools can choose it from now on."))
        return redirect("marketplace:pickup_times")
    return _page(request, organisation, form=form)


def _page(request, organisation, *, form=None, now_form=None):
    now = TakeItNow.objects.filter(organisation=organisation).first()
    context = {
        "form": form or PickupTimeForm(),
        "now_form": now_form or TakeItNowForm(initial={"up_to_kg": now and now.up_to_kg}),
        "times": organisation.pickup_times.all(),
    }
    return render(request, "marketplace/exchange/pickups/pickup_times.html", context)


def take_it_now(request, organisation):
    """Let schools take up to so much at once, or nothing."""
    form = TakeItNowForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, now_form=form)
    if most := form.cleaned_data["up_to_kg"]:
        TakeItNow.objects.update_or_create(organisation=organisation, defaults={"up_to_kg": most})
        messages.success(request, _("Saved. Up to that much can be taken without your answer."))
    else:
        TakeItNow.objects.filter(organisation=organisation).delete()
        messages.success(request, _("Saved. You answer every reservation yourselves."))
    return redirect("marketplace:pickup_times")


@login_required
@require_POST
def remove_pickup_time(request, pk):
    own = own_organisations(request.user)
    get_object_or_404(PickupTime, pk=pk, organisation__in=own).delete()
    messages.success(request, _("The time has been removed. What has been agreed still applies."))
    return redirect("marketplace:pickup_times")
