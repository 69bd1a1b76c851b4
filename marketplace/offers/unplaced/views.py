"""What becomes of what nobody took: one tap."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.hubs.models import Hub
from marketplace.listings.permissions import can_edit_listing
from marketplace.offers.unplaced.models import Unplaced
from marketplace.offers.unplaced.services import answer_unplaced
from marketplace.review.errors import ExchangeError


def answers_with(hubs):
    """[(answer, its words)]; a hub is an answer of its own, such as ("hub:12", "We take it …")."""
    return [
        (Unplaced.Answer.LONGER.value, Unplaced.Answer.LONGER.label),
        *(
            (f"{Unplaced.Answer.HUB}:{hub.pk}", _("We will take it to %(hub)s") % {"hub": hub.name})
            for hub in hubs
        ),
        (Unplaced.Answer.GONE.value, Unplaced.Answer.GONE.label),
    ]


@login_required
def unplaced(request, pk):
    """The question, with the hubs of the municipality where there are any."""
    found = get_object_or_404(
        Unplaced.objects.select_related("listing__organisation", "listing__stock"), listing=pk
    )
    if not can_edit_listing(request.user, found.listing):
        raise PermissionDenied
    place = found.listing.organisation.municipality_id
    hubs = Hub.objects.open().filter(organisation__municipality=place)
    answers = answers_with(hubs)
    answer, _colon, number = request.POST.get("svar", "").partition(":")
    if request.method == "POST" and request.POST.get("svar") in dict(answers):
        hub = next((each for each in hubs if str(each.pk) == number), None)
        try:
            answer_unplaced(unplaced=found, answer=answer, by=request.user, hub=hub)
        except ExchangeError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Thank you for telling us."))
        return redirect("marketplace:my_page")
    return render(
        request,
        "marketplace/offers/unplaced/unplaced.html",
        {"unplaced": found, "listing": found.listing, "answers": answers, "hubs": hubs},
    )
