"""Who may ask for material, and who may do what with a reservation."""

from django.contrib.auth.models import AnonymousUser

from marketplace.exchange.reservations.models import Reservation
from marketplace.organisations.permissions import is_member
from portal.foundation.users.models import User


def can_see_reservation(user: User | AnonymousUser, reservation: Reservation) -> bool:
    """Read a reservation and its messages: members of either organisation."""
    return can_answer(user, reservation) or is_member(user, reservation.organisation)


def can_answer(user: User | AnonymousUser, reservation: Reservation) -> bool:
    """Accept or decline a request: members of the organisation that gives."""
    return is_member(user, reservation.giver)


def can_cancel(user: User | AnonymousUser, reservation: Reservation) -> bool:
    """Call off: the giver what it has promised, the receiver also what it has asked for."""
    return can_see_reservation(user, reservation)


def can_prolong(user: User | AnonymousUser, reservation: Reservation) -> bool:
    """Ask for two more weeks: the receiver."""
    return is_member(user, reservation.organisation)


def can_write_message(user: User | AnonymousUser, reservation: Reservation) -> bool:
    return can_see_reservation(user, reservation)


def can_leave_note(user: User | AnonymousUser, reservation: Reservation) -> bool:
    """Say thanks, or report a problem: either side."""
    return can_see_reservation(user, reservation)


def can_propose_pickup(user: User | AnonymousUser, reservation: Reservation) -> bool:
    return can_see_reservation(user, reservation)


def can_say_bought(user: User | AnonymousUser, reservation: Reservation) -> bool:
    """Say whether it would have been bought, after it was brought: the receiver."""
    return is_member(user, reservation.organisation)


def can_confirm_handover(user: User | AnonymousUser, reservation: Reservation) -> bool:
    """Confirm that material changed hands: either side."""
    return can_see_reservation(user, reservation)
