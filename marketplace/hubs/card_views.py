"""Cards of units: their administrators make them, and people who scan one take for the unit."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.hubs.cards import find_card, make_card, remember, revoke_card
from marketplace.hubs.forms import CardForm
from marketplace.hubs.labels import cards_pdf
from marketplace.hubs.models import Hub, HubCard
from marketplace.hubs.permissions import can_make_cards, signed_in_for
from marketplace.organisations.permissions import acting_organisation
from portal.foundation import throttling
from portal.foundation.printing import pdf_response


@require_safe
@never_cache
def use_card(request, token):
    """Let this phone take for the unit whose card it has scanned."""
    throttling.consume_by_device("hub", request=request)
    card = find_card(token)
    if card is None:
        return render(request, "marketplace/hubs/card_not_valid.html", status=404)
    hubs = Hub.objects.open().filter(organisation__municipality=card.organisation.municipality)
    context = {"card": card, "hubs": hubs, "signed_in_for": signed_in_for(request)}
    response = render(request, "marketplace/hubs/card_used.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return remember(response, card)


@login_required
def cards(request):
    """The cards of one's unit: make one, print it, take it back."""
    organisation = acting_organisation(request)
    if organisation is None or not can_make_cards(request.user, organisation):
        raise PermissionDenied
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        make_card(organisation=organisation, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("The card is made. Print it and put it up."))
        return redirect("marketplace:hub_cards")
    return render(
        request,
        "marketplace/hubs/cards.html",
        {"organisation": organisation, "cards": organisation.hub_cards.all(), "form": form},
    )


def own_card(request, pk):
    card = get_object_or_404(HubCard.objects.select_related("organisation"), pk=pk)
    if not can_make_cards(request.user, card.organisation):
        raise PermissionDenied
    return card


@login_required
@require_safe
def card_pdf(request, pk):
    """The card to print, with its code."""
    card = own_card(request, pk)
    if not card.is_valid:
        return redirect("marketplace:hub_cards")
    return pdf_response(cards_pdf([card]), "kort.pdf")


@login_required
@require_POST
def revoke(request, pk):
    """Take a card back."""
    revoke_card(card=own_card(request, pk), by=request.user)
    messages.success(request, _("The card no longer works."))
    return redirect("marketplace:hub_cards")
