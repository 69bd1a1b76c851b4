"""The places of an organisation, for its members."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.organisations.permissions import acting_organisation
from marketplace.organisations.places.forms import PlaceForm
from marketplace.organisations.places.models import Place


@login_required
def place(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write down a place, change it, or remove it. Listings that were sent keep what they say."""
    own = acting_organisation(request)
    if own is None:
        return redirect("marketplace:organisation_register")
    instance = get_object_or_404(own.places, pk=pk) if pk else Place(organisation=own)
    if request.method == "POST" and "remove" in request.POST and pk:
        instance.delete()
        messages.success(request, _("The place is removed."))
        return redirect("marketplace:organisation")
    form = PlaceForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("marketplace:organisation")
    return render(
        request,
        "marketplace/organisations/place.html",
        {"form": form, "place": instance, "organisation": own},
    )
