"""How long notes of reservations are kept."""

from django.utils.translation import gettext_lazy as _

from marketplace.exchange.notes.models import Note
from marketplace.exchange.reservations.models import Reservation
from portal.foundation.privacy.rules import Rule, register


def remove_notes(before):
    """Thanks and reported problems of reservations long since closed."""
    over = Reservation.objects.closed().filter(closed_at__lt=before)
    return Note.objects.filter(reservation__in=over).delete()[0]


register(
    Rule(
        "notes",
        _("Thanks, and problems told to the coordinator, after a reservation is closed"),
        _("For those they were written to."),
        days=2 * 365,
        remove=remove_notes,
    ),
)
