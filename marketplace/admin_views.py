"""Admin pages of our own: the correction of a handover, the editor's guide."""

from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.bulk_action import index as bulk_actions
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.permissions import policy_registry
from wagtail_localize.views.snippets_api import SnippetViewSet

from marketplace import services
from marketplace.errors import ExchangeError
from marketplace.forms.fields import QuantityField
from marketplace.models import Handover
from marketplace.permissions import municipalities_for
from marketplace.scoping import MunicipalPolicy


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
        cleaned = super().clean()
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
    if not request.user.has_perm("marketplace.add_handover"):
        raise PermissionDenied
    form = CorrectionForm(
        request.POST or None, initial={"quantity": handover.quantity, "mass_kg": handover.mass_kg}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_handover(
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
        request, "marketplace/admin/correct_handover.html", {"handover": handover, "form": form}
    )


class SiteHistory(LogEntriesView):
    """Wagtail's log of who changed what, which names every organisation: not for coordinators."""

    def dispatch(self, request, *args, **kwargs):
        if municipalities_for(request.user) is not None:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


site_history = require_admin_access(SiteHistory.as_view())
site_history_results = require_admin_access(SiteHistory.as_view(results_only=True))


class SnippetAPI(SnippetViewSet):
    """What the translators' editor asks for snippets to choose from, of those one may see at all.

    Wagtail Localize's own tells all staff the name of every organisation, newsletter reader, …
    """

    def get_queryset(self):
        user, policy = self.request.user, policy_registry.get_by_type(self.get_model())
        rows = policy.instances_user_has_any_permission_for(user, ["add", "change", "view"])
        return policy.within(rows, user) if isinstance(policy, MunicipalPolicy) else rows


snippets_api_list = require_admin_access(SnippetAPI.as_view({"get": "list"}))
snippets_api_detail = require_admin_access(SnippetAPI.as_view({"get": "retrieve"}))


@require_admin_access
def bulk_action(request, app_label, model_name, action):
    """What is done with several rows at once, for those who have to do with such rows at all.

    Wagtail's own asks per row, and tells all staff the names of those that they may not touch.
    """
    try:
        policy = policy_registry.get_by_type(apps.get_model(app_label, model_name))
    except LookupError as error:
        raise Http404 from error
    if not policy.user_has_any_permission(request.user, ["add", "change", "delete", "view"]):
        raise PermissionDenied
    return bulk_actions(request, app_label, model_name, action)


def guide(request):
    """How to do an editor's work, on one page, in the reader's language."""
    language = "sv" if get_language().startswith("sv") else "en"
    return render(request, f"marketplace/admin/guide_{language}.html")


def guide_menu_item():
    return MenuItem(
        _("Editor's guide"), reverse("editors_guide"), icon_name="help", name="guide", order=100
    )
