"""Notifications about recalls."""

from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, about_path, register_types

register_types(recall=NotificationType(_("Read about it"), about_path, urgent=True))
