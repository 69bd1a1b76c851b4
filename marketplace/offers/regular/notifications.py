"""Notifications about regular offers."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, register_types
from marketplace.offers.regular.services import regular_offer_token


def regular_offer_path(notification):
    about = notification.context
    token = regular_offer_token(about["regular_id"], about["asked_on"], notification.user_id)
    return reverse("marketplace:regular_offer_answer", args=[token])


register_types(regular_offer=NotificationType(_("Same as usual"), regular_offer_path))
