"""How long it is kept who booked places."""

from django.utils.translation import gettext_lazy as _

from marketplace.occasions.models import Booking
from portal.foundation.privacy.rules import Rule, register


def remove_bookings(before):
    """Bookings of what was over before then."""
    return Booking.objects.filter(occasion__ends_at__lt=before).delete()[0]


register(
    Rule(
        "bookings",
        _("Who booked places at an event or a hub"),
        _("So that the day can be arranged, and the next one planned."),
        days=365,
        remove=remove_bookings,
    ),
)
