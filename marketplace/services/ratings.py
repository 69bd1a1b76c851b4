"""How the sides found a handover."""

from django.db import transaction

from marketplace.models import Rating, Reservation

from .reservations import is_giver_side, locked, require


@transaction.atomic
def rate(*, reservation, by, score, text=""):
    """Answer “how did it go?” for the side that `by` acts for; answering again changes the answer.

    It counts for the municipality that the side belongs to now.
    """
    _stock, reservation = locked(reservation)
    require(reservation, Reservation.State.COLLECTED)
    side = reservation.giver if is_giver_side(reservation, by) else reservation.organisation
    answer = {"score": score, "text": text, "author": by}
    rating, _created = Rating.objects.update_or_create(
        reservation=reservation,
        organisation=side,
        defaults=answer,
        create_defaults=answer | {"municipality": side.municipality},
    )
    return rating
