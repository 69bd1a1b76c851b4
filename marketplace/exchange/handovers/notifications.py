"""Notifications about handovers."""

from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, register_types

register_types(handover_confirmed=NotificationType(_("Open the reservation")))
