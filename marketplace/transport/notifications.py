"""Notifications about what is brought; a promised time brings its calendar entry along."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.pickups.notifications import calendar_of
from marketplace.notifications.models import Notification
from marketplace.notifications.types import NotificationType, register_types


def day_path(notification: Notification) -> str:
    return reverse("transport_day", args=[notification.context["run"]])


OPEN = NotificationType(_("Open the reservation"))
WITH_CALENDAR = NotificationType(_("Open the reservation"), calendar=calendar_of)

register_types(
    transport_planned=WITH_CALENDAR,
    transport_moved=WITH_CALENDAR,
    transport_delayed=WITH_CALENDAR,
    transport_fetched=OPEN,
    transport_left=NotificationType(_("See what was left")),
    transport_nobody=WITH_CALENDAR,
    transport_taken_off=NotificationType(_("See the day"), day_path),
)
