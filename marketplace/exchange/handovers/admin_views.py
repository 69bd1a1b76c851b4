"""The correction of a handover in the admin."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.handovers import services as handovers_services
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.permissions import can_correct_handover
from marketplace.materials.fields import QuantityField
from marketplace.organisations.scoping import shown_name
from marketplace.review.errors import ExchangeError
from marketplace.roles.permissions import municipalities_for


class CorrectionForm(forms.Form):
    """What really changed hands. Nothing at all when the quantity is left empty."""

    quantity = QuantityField(
        label=_("True quantity"),
        required=False,
        help_text=_("Leave it empty when nothing was handed over; the row is then only reversed."),
    )
    mass_kg = QuantityField(label=_("True mass in kg"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("quantity") and not cleaned.get("mass_kg"):
            self.add_error("mass_kg", _("Write the mass as well."))
        return cleaned


def correct_handover(request, pk):
    """Reverse a row of the ledger and, if something was handed over, add the right one."""
    handovers = Handover.objects.select_related("giver", "receiver", "listing")
    own = municipalities_for(request.user)
    if own is not None:
        handovers = handovers.touching(own)
    handover = get_object_or_404(handovers, pk=pk)
    if not can_correct_handover(request.user, handover):
        raise PermissionDenied
    form = CorrectionForm(
        request.POST or None, initial={"quantity": handover.quantity, "mass_kg": handover.mass_kg}
    )
    if request.method == "POST" and form.is_valid():
        try:
            handovers_services.correct_handover(
                handover=handover,
                by=request.user,
                reason=form.cleaned_data["reason"],
                quantity=form.cleaned_data["quantity"] or 0,
                mass_kg=form.cleaned_data["mass_kg"] or 0,
            )
        except ExchangeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Corrected. All figures have followed."))
            return redirect("marketplace_handover_modeladmin_index")
    return render(
        request,
        "marketplace/exchange/admin/correct_handover.html",
        {
            "title": _("Correct a handover"),
            "icon": "tasks",
            "handover": handover,
            "giver": shown_name(handover.giver, request.user),
            "receiver": shown_name(handover.receiver, request.user),
            "form": form,
        },
    )
