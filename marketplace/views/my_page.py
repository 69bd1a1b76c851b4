"""My page: what waits for my answer first, then my listings and my reservations."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace import permissions
from marketplace.models import Idea, MaterialListing, RegularOffer, Reservation, WaitingPlace
from marketplace.states import ListingState, describe, own_listings, own_wanted_ads

LISTINGS_PER_PAGE = 20
CLOSED_SHOWN = 10


@login_required
def my_page(request):
    organisation = permissions.acting_organisation(request)
    context = {
        "organisation": organisation,
        "organisations": permissions.own_organisations(request.user),
        "may_offer": organisation is not None and organisation.is_company,
    }
    if organisation:
        shown = request.GET.get("visa", "")
        page = Paginator(chosen_listings(organisation, shown), LISTINGS_PER_PAGE).get_page(
            request.GET.get("sida")
        )
        regular = list(RegularOffer.objects.of_organisation(organisation).with_listings())
        mine = Reservation.objects.with_parties().made_by(organisation)
        given = Reservation.objects.with_parties().given_by(organisation)
        to_mend = own_listings(organisation).changes_requested()
        places = list(WaitingPlace.objects.open().filter(organisation=organisation).with_parties())
        context |= {
            "page": page,
            "shown": shown,
            "regular_offers": regular,
            "asked_offers": [each for each in regular if each.asked_on and not each.paused_at],
            "listings": [describe(listing) for listing in page],
            "to_mend": [describe(listing) for listing in to_mend],
            "tasks": Reservation.objects.with_parties().waiting_for(organisation),
            "places": places,
            "offered_places": [place for place in places if place.is_offered],
            "reservations": mine.open(),
            "closed_reservations": mine.closed()[:CLOSED_SHOWN],
            "promised": given.open(),
            "given": given.closed()[:CLOSED_SHOWN],
            "states": ListingState,
            "ideas_waiting": ideas_waiting(organisation),
        }
        if not organisation.is_company:
            context |= {
                "wanted_ads": own_wanted_ads(organisation),
                "may_post": organisation.is_approved,
            }
    return render(request, "marketplace/my_page.html", context)


def ideas_waiting(organisation):
    """How many pupils' ideas wait for the teacher to let them through, or the company to answer."""
    if organisation.is_company:
        return Idea.objects.to_company(organisation).unanswered().count()
    return Idea.objects.from_school(organisation).waiting_for_teacher().count()


def chosen_listings(organisation, shown):
    """All of the organisation's listings, or those of now ("nu") or of earlier ("tidigare")."""
    found = own_listings(organisation)
    archived = MaterialListing.objects.of_organisation(organisation).archived().values("pk")
    if shown == "tidigare":
        return found.filter(pk__in=archived)
    if shown == "nu":
        return found.exclude(pk__in=archived)
    return found


@login_required
@require_POST
def act_for(request):
    """Choose which of one's organisations to act for from now on."""
    wanted = request.POST.get("organisation", "")
    organisation = get_object_or_404(
        permissions.own_organisations(request.user), pk=int(wanted) if wanted.isdecimal() else 0
    )
    permissions.act_for(request, organisation)
    messages.success(request, _("You now act for %(name)s.") % {"name": organisation.name})
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("marketplace:my_page")
    return redirect(back)
