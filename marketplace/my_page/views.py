"""My page: what waits for my answer first, then my listings and my reservations."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.exchange.joint_requests.presentation import one_for_each
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.hubs.arrivals.services import own_hubs
from marketplace.ideas.models import Idea
from marketplace.listings.favourites.services import remembered
from marketplace.listings.models import MaterialListing
from marketplace.my_page.own_listings import describe, own_listings
from marketplace.my_page.sections import sections_of
from marketplace.my_page.tasks import people_waiting, questions_waiting, unread_messages
from marketplace.my_page.waiting import waiting_of
from marketplace.occasions.models import Booking
from marketplace.occasions.services import address_of
from marketplace.offers.drafts import kept_drafts
from marketplace.offers.regular.models import RegularOffer
from marketplace.organisations import permissions as organisations_permissions
from marketplace.organisations.permissions import acting_organisation, own_organisations
from marketplace.review.states import ListingState
from marketplace.wanted.states import own_wanted_ads
from portal.foundation.kept_forms import kept_forms
from portal.foundation.redirects import next_url

LISTINGS_PER_PAGE = 20
CLOSED_SHOWN = 10


def _of_person(request, organisation) -> dict[str, Any]:
    """What the page shows whether or not somebody acts for an organisation."""
    return {
        "organisation": organisation,
        "organisations": own_organisations(request.user),
        "may_offer": organisation is not None,
        "started_offers": kept_drafts(request),
        "started_forms": kept_forms(request),
        "waiting": waiting_of(request.user, organisation),
        "remembered": remembered(request.user),
    }


def _wanted_by(organisation) -> dict[str, Any]:
    return {
        "wanted_ads": own_wanted_ads(organisation),
        "may_post": organisation.is_approved,
    }


@login_required
def my_page(request):
    organisation = acting_organisation(request)
    context = _of_person(request, organisation)
    if organisation:
        context |= _wanted_by(organisation)
        shown = request.GET.get("visa", "")
        page = Paginator(chosen_listings(organisation, shown), LISTINGS_PER_PAGE).get_page(
            request.GET.get("sida")
        )
        regular = list(RegularOffer.objects.of_organisation(organisation).with_listings())
        mine = Reservation.objects.with_parties().with_pictures().made_by(organisation)
        given = Reservation.objects.with_parties().with_pictures().given_by(organisation)
        to_mend = own_listings(organisation).changes_requested()
        places = list(WaitingPlace.objects.open().filter(organisation=organisation).with_parties())
        context |= {
            "page": page,
            "shown": shown,
            "regular_offers": regular,
            "asked_offers": [each for each in regular if each.asked_on and not each.paused_at],
            "listings": [describe(listing) for listing in page],
            "to_mend": [describe(listing) for listing in to_mend],
            "tasks": one_for_each(
                Reservation.objects.with_parties().with_pictures().waiting_for(organisation)
            ),
            "places": places,
            "offered_places": [place for place in places if place.is_offered],
            "bookings": own_bookings(organisation),
            "hubs": own_hubs(organisation),
            "reservations": one_for_each(mine.open()),
            "closed_reservations": one_for_each(mine.closed()[:CLOSED_SHOWN]),
            "promised": one_for_each(given.open()),
            "given": one_for_each(given.closed()[:CLOSED_SHOWN]),
            "states": ListingState,
            "ideas_waiting": ideas_waiting(organisation),
            "people_waiting": people_waiting(request.user, organisation),
            "questions_waiting": questions_waiting(organisation),
            "unread_messages": unread_messages(request.user),
            "sections": sections_of(request, organisation),
        }
    return render(request, "marketplace/my_page/my_page.html", context)


@login_required
@require_POST
def throw_away_form(request, pk):
    """Throw away a form that was written before signing in."""
    get_object_or_404(kept_forms(request), pk=pk).delete()
    messages.success(request, _("What you had started has been thrown away."))
    return redirect("marketplace:my_page")


def own_bookings(organisation):
    """[(booking, where it is changed)] of what is still to come."""
    coming = Booking.objects.coming().filter(organisation=organisation)
    return [
        (booking, address_of(booking.occasion))
        for booking in coming.select_related("occasion").order_by("occasion__starts_at", "pk")
    ]


def ideas_waiting(organisation):
    """How many pupils' ideas wait to be let through, and how many for an answer; or None."""
    to_read = Idea.objects.from_school(organisation).waiting_for_teacher().count()
    to_answer = Idea.objects.to_company(organisation).unanswered().count()
    return {"to_read": to_read, "to_answer": to_answer} if to_read or to_answer else None


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
        own_organisations(request.user), pk=int(wanted) if wanted.isdecimal() else 0
    )
    organisations_permissions.act_for(request, organisation)
    messages.success(request, _("You now act for %(name)s.") % {"name": organisation.name})
    return redirect(next_url(request, "marketplace:my_page"))
