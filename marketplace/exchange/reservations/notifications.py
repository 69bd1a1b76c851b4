"""Notifications about reservations and their messages."""

from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, register_types

OPEN_RESERVATION = NotificationType(_("Open the reservation"))

register_types(
    reservation_requested=NotificationType(_("Answer the request")),
    reservation_prolonged=OPEN_RESERVATION,
    reservation_reminder=NotificationType(_("Answer the request")),
    reservation_not_collected=NotificationType(_("Say what happened")),
    message=NotificationType(_("Answer")),
)
