"""Notifications about thanks and reported problems."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, register_types


def admin_reservation_path(notification):
    return reverse("marketplace_reservation_modeladmin_inspect", args=[notification.reservation_id])


register_types(
    thanks=NotificationType(_("Open the reservation")),
    problem_handled=NotificationType(_("Open the reservation")),
    problem_reported=NotificationType(_("See the reservation"), admin_reservation_path),
)
