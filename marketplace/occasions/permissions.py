"""Who may book places, and give them back."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser

from marketplace.occasions.models import Booking, Occasion
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import is_member, own_organisations
from portal.foundation.users.models import User


def bookers(
    user: User | AnonymousUser, own: Sequence[Organisation] | None = None
) -> list[Organisation]:
    """The organisations that `user` may book for: their own, once approved.

    `own` are their organisations, where they have been read already.
    """
    return [each for each in (own_organisations(user) if own is None else own) if each.is_approved]


def knows_of(occasion: Occasion, organisations: list[Organisation]) -> bool:
    """Whether its time may be told: to all while it is shown, then to those who have booked it."""
    return occasion.is_open or occasion.bookings.open().of_organisations(organisations).exists()


def can_change_booking(user: User | AnonymousUser, booking: Booking) -> bool:
    """Give places back: members of the organisation that has booked."""
    return is_member(user, booking.organisation)
