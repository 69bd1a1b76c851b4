"""Notifications about followed listings."""

from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, register_types

register_types(listing_open=NotificationType(_("See the listing")))
