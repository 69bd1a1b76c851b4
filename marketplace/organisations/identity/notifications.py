"""Notifications about what an approved organisation wants to be called."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import GO_TO_MY_PAGE, NotificationType, register_types
from marketplace.organisations.approval.notifications import review_path


def own_details_path(notification):
    return reverse("marketplace:organisation")


register_types(
    identity_to_review=NotificationType(_("Look and decide"), review_path),
    identity_approved=GO_TO_MY_PAGE,
    identity_refused=NotificationType(_("See the organisation"), own_details_path),
)
