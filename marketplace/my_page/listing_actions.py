"""What somebody with many listings does with several at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from marketplace.exchange.labels.views import numbers
from marketplace.listings.models import MaterialListing
from marketplace.my_page.own_listings import describe, own_listings
from marketplace.offers.services import copy_listing, reopen_listing, withdraw_listing
from marketplace.organisations.permissions import acting_organisation
from marketplace.review.states import ListingState

CAN_END = {
    ListingState.DRAFT,
    ListingState.IN_REVIEW,
    ListingState.CHANGES_REQUESTED,
    ListingState.LIVE,
    ListingState.PROMISED,
    ListingState.ENDED,
}
CAN_OPEN = {ListingState.CLOSED, ListingState.ENDED}


@login_required
@require_POST
def listing_actions(request):
    """End, open again, copy or print the labels of the chosen ones of one's own listings."""
    organisation = acting_organisation(request)
    if organisation is None:
        raise PermissionDenied
    act = {"end": end, "open": open_again, "copy": copy, "labels": labels}.get(
        request.POST.get("action")
    )
    if act is None:
        raise PermissionDenied
    chosen = [
        describe(listing)
        for listing in own_listings(organisation).filter(
            pk__in=numbers(request.POST.getlist("listing"))
        )
    ]
    if not chosen:
        messages.warning(request, _("Choose at least one listing first."))
        return redirect("marketplace:my_page")
    return act(request, chosen) or redirect("marketplace:my_page")


def end(request, chosen):
    done = [own.thing for own in chosen if own.state in CAN_END]
    for listing in done:
        withdraw_listing(listing=listing, by=request.user)
    report_outcome(
        request,
        ngettext(
            "%(count)d listing has ended. Accepted reservations still apply.",
            "%(count)d listings have ended. Accepted reservations still apply.",
            len(done),
        ),
        done,
        chosen,
    )


def open_again(request, chosen):
    done = [own.thing for own in chosen if own.state in CAN_OPEN and own.thing.stock.left > 0]
    for listing in done:
        reopen_listing(listing=listing, by=request.user)
    report_outcome(
        request,
        ngettext(
            "%(count)d listing is open again.", "%(count)d listings are open again.", len(done)
        ),
        done,
        chosen,
    )


def copy(request, chosen):
    for own in chosen:
        copy_listing(listing=MaterialListing.objects.get(pk=own.thing.pk), by=request.user)
    report_outcome(
        request,
        ngettext(
            "%(count)d draft has been made. Change what differs, and send it.",
            "%(count)d drafts have been made. Change what differs, and send them.",
            len(chosen),
        ),
        chosen,
        chosen,
    )


def labels(request, chosen):
    query = urlencode({"material": [own.thing.pk for own in chosen]}, doseq=True)
    return redirect(f"{reverse('marketplace:labels')}?{query}")


def report_outcome(request, text, done, chosen):
    """Say how many it worked for, and that it was not possible for the rest."""
    if done:
        messages.success(request, text % {"count": len(done)})
    if left := len(chosen) - len(done):
        messages.warning(
            request,
            ngettext(
                "%(count)d listing was left as it is: either there is none left or "
                "nothing needed to change.",
                "%(count)d listings were left as they are: either there is none left or "
                "nothing needed to change.",
                left,
            )
            % {"count": left},
        )
