"""Who looks after a hub, and who takes from it."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from marketplace.hubs.cards import card_of
from marketplace.hubs.models import Hub, HubCard
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import acting_organisation, is_administrator, is_member
from portal.foundation.users.models import User


def can_run_hub(user: User | AnonymousUser, hub: Hub) -> bool:
    """Take in, put up shelves and print their codes: members of the organisation it belongs to."""
    return hub.organisation.is_approved and is_member(user, hub.organisation)


def can_make_cards(user: User | AnonymousUser, organisation: Organisation | None) -> bool:
    """Make cards of a unit and take them back: its administrators, once it is approved."""
    return bool(organisation and organisation.is_approved and is_administrator(user, organisation))


def signed_in_for(request: HttpRequest) -> Organisation | None:
    """The organisation that a signed-in person takes for: the one acted for, if it is approved."""
    organisation = acting_organisation(request)
    return organisation if organisation and organisation.is_approved else None


def taker(request: HttpRequest) -> tuple[Organisation | None, HubCard | None]:
    """(who takes at a shelf, by which card): signed in, or by the phone's card, or nobody.

    A card can be put into a phone by a link that its owner did not mean to follow, so it never
    takes for others than those whom somebody signed in acts for.
    """
    if organisation := signed_in_for(request):
        return organisation, None
    card = card_of(request)
    return (card.organisation, card) if card else (None, None)


def listed_hub(request: HttpRequest, slug: str) -> tuple[Hub, bool]:
    """(the hub with this slug, whether the user looks after it).

    Its own people see it also when it is not in use; for others it does not exist then.
    """
    found = get_object_or_404(Hub.objects.select_related("organisation__municipality"), slug=slug)
    runs = can_run_hub(request.user, found)
    if not runs and not Hub.objects.listed().filter(pk=found.pk).exists():
        raise Http404
    return found, runs


def own_hub(request: HttpRequest, slug: str) -> Hub:
    """The hub with this slug, for those who look after it."""
    found, runs = listed_hub(request, slug)
    if not runs:
        raise PermissionDenied
    return found
