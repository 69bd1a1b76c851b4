"""Views for recomputing handovers with other factors: preview, confirm, log and revert."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.reports.parameters import category_choices
from marketplace.impact.revaluations.models import Revaluation
from marketplace.impact.revaluations.services import (
    Difference,
    revaluation_difference,
    revalue_handovers,
    revert_revaluation,
)
from marketplace.materials.models import MaterialCategory
from marketplace.review.errors import ExchangeError
from portal.foundation.form_fields import choice_field
from portal.foundation.users.requests import SignedInRequest


class RevaluationForm(forms.Form):
    first_day = forms.DateField(label=gettext_lazy("First day"), widget=AdminDateInput)
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=AdminDateInput)
    material = forms.ChoiceField(
        label=gettext_lazy("Material"),
        required=False,
        help_text=gettext_lazy("With what is below it. All materials if none is chosen."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Kept in the log and in every row of the ledger."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "material").choices = [("", _("All")), *category_choices()]

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day cannot be before the first day."))
        return cleaned

    @property
    def asked(self) -> dict[str, Any]:
        """Return the arguments of the services."""
        slug = self.cleaned_data["material"]
        return {
            "first_day": self.cleaned_data["first_day"],
            "last_day": self.cleaned_data["last_day"],
            "category": MaterialCategory.objects.source().get(slug=slug) if slug else None,
        }


class RevertForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


def _allow(request: HttpRequest, action: str) -> None:
    if not request.user.has_perm(f"marketplace.{action}_revaluation"):
        raise PermissionDenied


def log(request: HttpRequest) -> HttpResponse:
    """List all revaluations: who, when, why, and what changed."""
    _allow(request, "view")
    revaluations = Revaluation.objects.select_related("category", "made_by", "reverted_by")
    standing = Revaluation.objects.standing().first()
    return render(
        request,
        "marketplace/impact/admin/revaluations.html",
        {
            "revaluations": revaluations,
            "last_standing": standing,
            "may_change": request.user.has_perm("marketplace.add_revaluation"),
        },
    )


def _revalue(request: SignedInRequest, form: RevaluationForm) -> bool:
    """Recompute and return True, or add the reason to the form and return False."""
    try:
        done = revalue_handovers(**form.asked, by=request.user, reason=form.cleaned_data["reason"])
    except ExchangeError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Recomputed: %(count)d handovers.") % {"count": done.handovers})
    return True


def recompute(request: SignedInRequest) -> HttpResponse:
    """Preview the changes, and make them on confirmation if they are still the same."""
    _allow(request, "add")
    form = RevaluationForm(request.POST or None)
    difference = None
    if request.method == "POST" and form.is_valid():
        difference = revaluation_difference(**form.asked)
        if not difference.handovers:
            form.add_error(None, _("No handover of those days has another factor now."))
        elif request.POST.get("seen") == seen(difference):
            if _revalue(request, form):
                return redirect("figure_reports:revaluations")
        elif "seen" in request.POST:
            form.add_error(None, _("The ledger has changed since. Look at the difference again."))
    lines = (
        [
            (FIGURES[key], difference.before[key], difference.after[key], difference.change[key])
            for key in difference.before
        ]
        if difference and difference.handovers
        else []
    )
    return render(
        request,
        "marketplace/impact/admin/recompute.html",
        {
            "form": form,
            "difference": difference,
            "lines": lines,
            "seen": seen(difference) if difference and lines else "",
        },
    )


def seen(difference: Difference) -> str:
    """Return a string that identifies the difference a user has previewed."""
    return f"{difference.handovers} " + " ".join(str(each) for each in difference.after.values())


def revert(request: SignedInRequest, pk: int) -> HttpResponse:
    """Restore the previous factors of the handovers in a revaluation."""
    _allow(request, "add")
    revaluation = get_object_or_404(Revaluation, pk=pk)
    form = RevertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revert_revaluation(
                revaluation=revaluation, by=request.user, reason=form.cleaned_data["reason"]
            )
        except ExchangeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Reverted. All figures have followed."))
            return redirect("figure_reports:revaluations")
    return render(
        request,
        "marketplace/impact/admin/revert_revaluation.html",
        {"revaluation": revaluation, "form": form},
    )
