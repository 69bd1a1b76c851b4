"""Notifications about bookings; the calendar entry goes with those that change it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.models import Notification
from marketplace.notifications.types import NotificationType, register_types
from marketplace.occasions.calendars import calendar_of
from marketplace.occasions.models import Booking
from marketplace.occasions.services import address_of


def booking_path(notification: Notification) -> str:
    """The page where it was booked, as long as there is one."""
    found = Booking.objects.filter(pk=notification.context["booking_id"])
    booking = found.select_related("occasion").first()
    address = address_of(booking.occasion) if booking else ""
    return address or reverse("marketplace:my_page")


SEE_BOOKING = NotificationType(_("See your booking"), booking_path, calendar_of)

register_types(
    place_booked=SEE_BOOKING,
    place_free=SEE_BOOKING,
    place_moved=SEE_BOOKING,
    place_tomorrow=SEE_BOOKING,
    place_called_off=NotificationType(
        _("See your booking"), booking_path, calendar_of, urgent=True
    ),
    place_cancelled=SEE_BOOKING,
    place_waiting=NotificationType(_("See your booking"), booking_path),
)
