"""Notifications about the waiting list."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, register_types


def waiting_path(notification):
    return reverse("marketplace:waiting_place", args=[notification.context["waiting_id"]])


register_types(
    waiting_offered=NotificationType(_("Say yes or no"), waiting_path),
    waiting_offer_expired=NotificationType(_("See the listing")),
    waiting_ended=NotificationType(
        _("Find material"), lambda notification: reverse("search:material")
    ),
    waiting_taken=NotificationType(_("Open the reservation")),
)
