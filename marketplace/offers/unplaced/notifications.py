"""The question about what nobody took."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.models import Notification
from marketplace.notifications.types import NotificationType, register_types


def unplaced_path(notification: Notification) -> str:
    return reverse("marketplace:unplaced", args=[notification.listing_id])


register_types(listing_unplaced=NotificationType(_("Say what happened to it"), unplaced_path))
