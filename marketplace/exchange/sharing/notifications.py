"""Notifications about sharing out."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.models import Notification
from marketplace.notifications.types import NotificationType, register_types


def sharing_path(notification: Notification) -> str:
    return reverse("marketplace:share_out", args=[notification.listing_id])


register_types(sharing_ready=NotificationType(_("See the proposal"), sharing_path))
