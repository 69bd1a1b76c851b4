"""Notifications about what comes to a hub: to those who look after it, and to the two sides."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.models import Notification
from marketplace.notifications.types import NotificationType, register_types


def arrivals_path(notification: Notification) -> str:
    return reverse("marketplace:arrivals", args=[notification.context["slug"]])


TO_HUB = NotificationType(_("See what is expected"), arrivals_path)

register_types(
    hub_expected=TO_HUB,
    hub_left_over=TO_HUB,
    hub_arrived=NotificationType(_("Open the reservation")),
    hub_last_days=NotificationType(_("Open the reservation")),
    hub_collected=NotificationType(_("See what was collected")),
)
