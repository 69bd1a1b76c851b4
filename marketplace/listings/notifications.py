"""Notifications about listings that somebody has reported."""

from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, admin_path, register_types

register_types(listing_reported=NotificationType(_("Look at the listing"), admin_path))
