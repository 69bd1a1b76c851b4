"""The correction of a reported purchase in the admin."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.purchases.permissions import can_correct_purchase
from marketplace.impact.purchases.services import correct_purchase as correct
from marketplace.materials.fields import QuantityField
from marketplace.roles.permissions import municipalities_for
from portal.foundation.users.requests import SignedInRequest


class PurchaseCorrectionForm(forms.Form):
    """The correct values, and the reason for the correction."""

    mass_kg = QuantityField(
        label=_("True kilograms"),
        required=False,
        help_text=_(
            "If left empty, they are computed from the cost. With neither, nothing was bought."
        ),
    )
    cost_sek = QuantityField(label=_("True cost in SEK"), required=False, decimal_places=2)
    reason = forms.CharField(label=_("Reason"), max_length=300)


def correct_purchase(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct a reported purchase, keeping the previous values and the reason."""
    reports = PurchaseReport.objects.select_related("organisation", "category")
    own = municipalities_for(request.user)
    if own is not None:
        reports = reports.reported_in(own)
    report = get_object_or_404(reports, pk=pk)
    if not can_correct_purchase(request.user, report):
        raise PermissionDenied
    form = PurchaseCorrectionForm(
        request.POST or None,
        initial={
            "mass_kg": None if report.mass_estimated else report.mass_kg,
            "cost_sek": None if report.cost_estimated else report.cost_sek,
        },
    )
    if request.method == "POST" and form.is_valid():
        correct(
            report=report,
            by=request.user,
            reason=form.cleaned_data["reason"],
            mass_kg=form.cleaned_data["mass_kg"],
            cost_sek=form.cleaned_data["cost_sek"],
        )
        messages.success(request, _("Corrected. All figures have followed."))
        return redirect("marketplace_purchasereport_modeladmin_index")
    return render(
        request,
        "marketplace/impact/admin/correct_purchase.html",
        {"title": _("Correct a purchase"), "icon": "doc-full", "report": report, "form": form},
    )
