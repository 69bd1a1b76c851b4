"""How long messages of reservations are kept."""

from django.utils.translation import gettext_lazy as _

from marketplace.exchange.reservations.models import Reservation, ReservationMessage
from portal.foundation.privacy.rules import Rule, register


def remove_messages(before):
    """What was written between the two sides, and by whom, of reservations long since closed."""
    over = Reservation.objects.closed().filter(closed_at__lt=before)
    count = ReservationMessage.objects.filter(reservation__in=over).delete()[0]
    named = over.exclude(created_by=None, purpose="", closing_note="")
    return count + named.update(created_by=None, purpose="", closing_note="")


register(
    Rule(
        "messages",
        _("Messages, and who asked for what, after a reservation is closed"),
        _("For questions about what was agreed."),
        days=2 * 365,
        remove=remove_messages,
    ),
)
