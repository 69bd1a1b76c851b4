"""Notifications that change when something is picked up; the calendar entry goes with them."""

from django.utils.translation import gettext_lazy as _

from marketplace.exchange.calendar_entries.rendering import invitation
from marketplace.exchange.calendar_entries.services import sync_calendar_entry
from marketplace.notifications.types import NotificationType, register_types


def calendar_of(notification):
    """(method, file) that put the pickup right in the recipient's calendar; None without one."""
    entry = sync_calendar_entry(notification.reservation)
    return entry and invitation(entry, recipient=notification.user.email)


PICKUP = NotificationType(_("Open the reservation"), calendar=calendar_of)
# Somebody may be about to set out.
CALLED_OFF = NotificationType(_("Open the reservation"), calendar=calendar_of, urgent=True)

register_types(
    # The promise may carry a time of pickup already.
    reservation_accepted=PICKUP,
    # With these, a time that was agreed on falls: its entry is cancelled.
    reservation_declined=PICKUP,
    reservation_cancelled=CALLED_OFF,
    reservation_expired=PICKUP,
    pickup_proposed=NotificationType(_("Answer"), calendar=calendar_of),
    pickup_cancelled=CALLED_OFF,
    reservation_taken_now=PICKUP,
    pickup_agreed=PICKUP,
    pickup_tomorrow=PICKUP,
)
