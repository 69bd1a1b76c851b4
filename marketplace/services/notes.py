"""What the sides say after a handover."""

from django.db import transaction

from marketplace import errors, notifications
from marketplace.models import Note, Reservation

from .reservations import is_giver_side, locked, others, require, signature, tell


def _note(reservation, by, kind, text):
    side = reservation.giver if is_giver_side(reservation, by) else reservation.organisation
    return Note.objects.create(
        reservation=reservation, organisation=side, author=by, kind=kind, text=text
    )


@transaction.atomic
def say_thanks(*, reservation, by, text):
    """Leave a short word for the other side, once per side."""
    _stock, reservation = locked(reservation)
    require(reservation, Reservation.State.COLLECTED)
    side = reservation.giver if is_giver_side(reservation, by) else reservation.organisation
    if reservation.notes.thanks().filter(organisation=side).exists():
        raise errors.AlreadyThanked
    note = _note(reservation, by, Note.Kind.THANKS, text)
    tell(
        reservation,
        "thanks",
        others(reservation, by),
        key=str(note.pk),
        by=signature(reservation, by),
        text=text,
    )
    return note


@transaction.atomic
def report_problem(*, reservation, by, text):
    """Tell the coordinators of both municipalities that something went wrong. Not published.

    Who reports it is told in their own municipality only.
    """
    _stock, reservation = locked(reservation)
    require(reservation, Reservation.State.ACCEPTED, Reservation.State.COLLECTED)
    note = _note(reservation, by, Note.Kind.PROBLEM, text)
    sender = note.organisation
    for party in sorted((reservation.organisation, reservation.giver), key=lambda p: p != sender):
        near = party.municipality_id == sender.municipality_id
        tell(
            reservation,
            "problem_reported",
            notifications.approvers(party),
            key=str(note.pk),
            by=str(by) if near else "",
            sender=sender.name if near else "",
            text=text,
        )
    return note
