"""Notifications about the approval of organisations."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import GO_TO_MY_PAGE, NotificationType, register_types


def review_path(notification):
    """Where a new organisation is reviewed."""
    return reverse("review_organisation", args=[notification.organisation_id])


def details_path(notification):
    """Where the people of an organisation change what it says about itself."""
    return reverse("marketplace:organisation") + "#uppgifter"


register_types(
    organisation_changes_requested=NotificationType(_("Change the details"), details_path),
    organisation_approved=GO_TO_MY_PAGE,
    organisation_rejected=GO_TO_MY_PAGE,
    organisation_to_approve=NotificationType(_("Look and decide"), review_path),
    organisation_left=NotificationType(_("See the organisation"), review_path),
)
