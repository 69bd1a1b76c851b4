"""What the sides say after a handover."""

from django.db import transaction
from django.utils import timezone

from marketplace.exchange.errors import AlreadyThanked
from marketplace.exchange.notes.models import Note
from marketplace.exchange.reservations.actions import Action
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import ensure_possible, lock_for_update
from marketplace.exchange.reservations.telling import notify_about, notify_counterparty, side_of
from marketplace.notifications.services import notify
from marketplace.organisations.approval.recipients import approvers
from marketplace.review.errors import WrongState
from portal.foundation.users.models import User


def _note(reservation: Reservation, by: User, type: Note.Type, text: str) -> Note:
    own = reservation.party(side_of(reservation, by))
    return Note.objects.create(
        reservation=reservation, organisation=own, author=by, type=type, text=text
    )


@transaction.atomic
def say_thanks(*, reservation: Reservation, by: User, text: str) -> Note:
    """Leave a short word for the other side, once per side."""
    _stock, reservation = lock_for_update(reservation)
    side = side_of(reservation, by)
    if reservation.has_thanked(side):
        raise AlreadyThanked
    ensure_possible(reservation, Action.THANK, side)
    note = _note(reservation, by, Note.Type.THANKS, text)
    notify_counterparty(reservation, "thanks", by, key=str(note.pk), text=text)
    return note


@transaction.atomic
def report_problem(*, reservation: Reservation, by: User, text: str) -> Note:
    """Tell the coordinators of both municipalities that something went wrong. Not published.

    Who reports it is told in their own municipality only.
    """
    _stock, reservation = lock_for_update(reservation)
    ensure_possible(reservation, Action.REPORT, side_of(reservation, by))
    note = _note(reservation, by, Note.Type.PROBLEM, text)
    sender = note.organisation
    for party in sorted((reservation.organisation, reservation.giver), key=lambda p: p != sender):
        near = party.municipality_id == sender.municipality_id
        notify_about(
            reservation,
            "problem_reported",
            approvers(party),
            key=str(note.pk),
            by=str(by) if near else "",
            sender=sender.name if near else "",
            text=text,
        )
    return note


@transaction.atomic
def handle_problem(*, note: Note, by: User, words: str = "") -> Note:
    """Note that a problem has been dealt with, and tell who reported it. Raises `WrongState`."""
    note = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if note.type != Note.Type.PROBLEM or note.handled_at:
        raise WrongState
    note.handled_at, note.handled_by = timezone.now(), by
    note.save(update_fields=["handled_at", "handled_by"])
    if note.author and note.author.is_active:
        notify(
            users=[note.author],
            type="problem_handled",
            key=f"note:{note.pk}:handled",
            reservation=note.reservation,
            text=words,
        )
    return note
