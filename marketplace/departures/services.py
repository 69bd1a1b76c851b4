"""What happens to organisations, listings and reservations when a person leaves the portal."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from wagtail.models import Revision

from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import cancel_reservation
from marketplace.exchange.waiting_list.services import leave_line
from marketplace.listings.contacts import CONTACT, LISTING, blank_contact, erase_contact_of
from marketplace.listings.models import MaterialListing
from marketplace.notifications.models import Notification
from marketplace.notifications.services import notify
from marketplace.offers.services import withdraw_listing
from marketplace.organisations.approval.recipients import approvers
from marketplace.organisations.membership.models import Invitation
from marketplace.organisations.membership.services import administrators
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.places.models import Place
from marketplace.review.errors import WrongState
from portal.foundation.users.models import User


def successor_of(organisation: Organisation, leaving: User) -> Membership | None:
    """The colleague who becomes administrator when the last one leaves: the longest there."""
    membership = (
        organisation.memberships.active()
        .exclude(user=leaving)
        .filter(user__is_active=True)
        .order_by("created_at", "pk")
        .first()
    )
    return membership


def deletion_effects(user: User) -> list[tuple[Organisation, Membership | None]]:
    """What becomes of each organisation when `user` leaves: [(organisation, successor or None)].

    Only those that they are the last administrator of.
    """
    found = []
    for membership in user.memberships.active().select_related("organisation"):
        organisation = membership.organisation
        others = administrators(organisation).exclude(pk=user.pk)
        if membership.role == Membership.Role.ADMINISTRATOR and not others.exists():
            found.append((organisation, successor_of(organisation, user)))
    return found


def on_user_pre_erase(sender: Any, user: User, addresses: Collection[str], **kwargs: Any) -> None:
    """Hand over what the person looked after, and take their name out of what stays."""
    for organisation, successor in deletion_effects(user):
        if successor:
            successor.role = Membership.Role.ADMINISTRATOR
            successor.save(update_fields=["role"])
            notify(
                users=[successor.user],
                type="made_administrator",
                key=f"organisation:{organisation.pk}:administrator:{user.pk}",
                organisation=organisation,
            )
        else:
            deactivate_organisation(organisation, user)
    erase_contacts(addresses)
    Invitation.objects.filter(email__in=addresses).delete()
    for address in addresses:
        # Administrators have been sent the address of a person who wants to join.
        Notification.objects.filter(context__email__iexact=address).delete()
    asked = list(user.listing_questions.values_list("pk", flat=True))
    Notification.objects.filter(
        type="listing_question", context__listing_question_id__in=asked
    ).delete()
    erase_name(str(user))


def deactivate_organisation(organisation: Organisation, last: User) -> None:
    """Take down the listings and call off the reservations of an organisation without people."""
    reservations = Reservation.objects.open().filter(
        Q(organisation=organisation) | Q(listing__organisation=organisation)
    )
    for reservation in reservations:
        cancel_reservation(reservation=reservation, by=last)
    for listing in organisation.listings.filter(stock__closed_at=None):
        withdraw_listing(listing=listing, by=last)
    for place in organisation.waiting_places.open():
        try:
            leave_line(place=place, by=last)
        except WrongState:
            continue
    organisation.wanted_ads.filter(live=True).update(live=False)
    notify(
        users=approvers(organisation).exclude(pk=last.pk),
        type="organisation_left",
        key=f"organisation:{organisation.pk}:left:{last.pk}",
        organisation=organisation,
    )


def erase_contacts(addresses: Collection[str]) -> None:
    """Take the contact person with one of `addresses` out of listings and organisations."""
    mine = Q()
    for address in addresses:
        mine |= Q(contact_email__iexact=address)
    erase_contact_of(MaterialListing.objects.filter(mine))
    for model in (Organisation, Place):
        model._default_manager.filter(mine).update(**dict.fromkeys(CONTACT, ""))
    for address in addresses:
        # A version that is not published, or not any more, may name somebody else than the row.
        blank_contact(Revision.objects.filter(content__contact_email__iexact=address, **LISTING))


def erase_name(name: str) -> None:
    """Remove a name from other people's notifications; keep the organisation."""
    for word in ("by", "person", "sender"):
        alone = Q(**{f"context__{word}": name})
        signed = Q(**{f"context__{word}__startswith": f"{name} ("})
        for notification in Notification.objects.filter(alone | signed):
            rest = notification.context[word].removeprefix(name)
            notification.context[word] = rest.removeprefix(" (").removesuffix(")")
            notification.save(update_fields=["context"])
