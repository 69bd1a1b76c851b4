"""Cards of units: made by their administrators, recognised by a signed cookie of the phone."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from marketplace.hubs.card_models import CARD_SALT, HubCard
from marketplace.organisations.models import Organisation
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User

KEPT = timedelta(days=30)


@transaction.atomic
def make_card(*, organisation: Organisation, name: str, by: User | None) -> HubCard:
    """A new card of `organisation`, valid for `HubCard.VALID_DAYS`."""
    card = HubCard.objects.create(
        organisation=organisation,
        name=name,
        created_by=by,
        expires_at=timezone.now() + timedelta(days=HubCard.VALID_DAYS),
    )
    record(EventType.ACCESS_GIVEN, actor=by, organisation=organisation, target=card)
    return card


@transaction.atomic
def revoke_card(*, card: HubCard, by: User | None) -> HubCard:
    """Take a card back: from now on it opens nothing, wherever its code was scanned."""
    if card.revoked_at is None:
        card.revoked_at = timezone.now()
        card.save(update_fields=["revoked_at"])
        record(EventType.ACCESS_TAKEN, actor=by, organisation=card.organisation, target=card)
    return card


def find_card(token: str) -> HubCard | None:
    """The valid card that `token` belongs to, or None."""
    try:
        pk, nonce = signing.loads(token, salt=CARD_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = HubCard.objects.filter(pk=pk, nonce=nonce)
    card = found.select_related("organisation__municipality").first()
    return card if card and card.is_valid else None


def card_of(request: HttpRequest) -> HubCard | None:
    """The valid card that this phone has scanned, or None."""
    token = request.COOKIES.get(settings.HUB_CARD_COOKIE_NAME, "")
    return find_card(token) if token else None


def remember(response: HttpResponse, card: HubCard) -> HttpResponse:
    """Let the phone keep the card for some weeks, at most as long as it is valid."""
    left = min(KEPT, card.expires_at - timezone.now())
    response.set_cookie(
        settings.HUB_CARD_COOKIE_NAME,
        card.token,
        max_age=left,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
