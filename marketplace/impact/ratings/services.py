"""Rating a handover."""

from django.db import transaction

from marketplace.exchange.reservations.actions import Action
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import ensure_possible, lock_for_update
from marketplace.exchange.reservations.telling import side_of
from marketplace.impact.ratings.models import Rating
from portal.foundation.users.models import User


@transaction.atomic
def rate(*, reservation: Reservation, by: User, score: int, text: str = "") -> Rating:
    """Save or replace the answer to “how did it go?” of the side that `by` acts for.

    It counts for the municipality that the side belongs to now.
    """
    _stock, reservation = lock_for_update(reservation)
    side = side_of(reservation, by)
    ensure_possible(reservation, Action.RATE, side)
    own = reservation.party(side)
    answer = {"score": score, "text": text, "author": by}
    rating, _created = Rating.objects.update_or_create(
        reservation=reservation,
        organisation=own,
        defaults=answer,
        create_defaults=answer | {"municipality": own.municipality},
    )
    return rating
