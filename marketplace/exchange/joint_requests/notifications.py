"""Notifications about joint requests; the calendar entry goes with those that change it."""

from django.utils.translation import gettext_lazy as _

from marketplace.exchange.pickups.notifications import calendar_of
from marketplace.notifications.types import NotificationType, register_types

JOINT = NotificationType(_("Open the reservation"), calendar=calendar_of)

register_types(
    joint_answered=JOINT,
    joint_cancelled=JOINT,
    joint_handed_over=NotificationType(_("Open the reservation")),
)
