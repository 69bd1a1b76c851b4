"""Who may offer, edit and import listings, and see a contact person."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser

from marketplace.listings.models import MaterialListing
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import is_member, own_organisations
from portal.foundation.users.models import User

# The organisations of the person who is asked about, where they have been read already.
Own = Sequence[Organisation] | None


def can_edit_listing(user: User | AnonymousUser, listing: MaterialListing, own: Own = None) -> bool:
    """Edit, send, withdraw and reopen a listing: members of the organisation that gives."""
    return is_member(user, listing.organisation, own)


def can_request(user: User | AnonymousUser, listing: MaterialListing, own: Own = None) -> bool:
    """Ask for material: members of an approved organisation other than the giver.

    What a municipal unit gives is for its own municipality first.
    """
    return user.is_authenticated and bool(receivers_for(user, listing, own))


def receivers_for(
    user: User | AnonymousUser, listing: MaterialListing, own: Own = None
) -> list[Organisation]:
    """The organisations of `user` that may ask for `listing`."""
    others = (
        each
        for each in (own_organisations(user) if own is None else own)
        if each.is_approved and each.pk != listing.organisation_id
    )
    return [each for each in others if listing.is_open_to(each)]


def can_see_listing(user: User | AnonymousUser, listing: MaterialListing) -> bool:
    """Read a published listing: everybody, once it is no longer its own municipality's only."""
    return not listing.is_held or (
        MaterialListing.objects.filter(pk=listing.pk).seen_by(user).exists()
    )


def can_see_contact(user: User | AnonymousUser, listing: MaterialListing, own: Own = None) -> bool:
    """See contact person and exact address: the giver, and those who have been promised some."""
    if not user.is_authenticated:
        return False
    theirs = Organisation.objects.of_user(user) if own is None else own
    return (
        is_member(user, listing.organisation, own)
        or listing.reservations.agreed().filter(organisation__in=theirs).exists()
    )
