"""Notifications about members, and the mail that invites a colleague."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from marketplace.notifications.types import GO_TO_MY_PAGE, NotificationType, register_types
from marketplace.organisations.approval.notifications import review_path
from marketplace.organisations.models import Membership
from portal.foundation.mail.budget import has_confirmed
from portal.foundation.mail.rendering import absolute, render_email_from


def organisation_path(notification):
    return reverse("marketplace:organisation")


def members_path(notification):
    """Where somebody is let in: the administrators' page, or that of those who approve."""
    administers = Membership.objects.active().filter(
        user=notification.user,
        organisation=notification.organisation,
        role=Membership.Role.ADMINISTRATOR,
    )
    path = organisation_path if administers.exists() else review_path
    return path(notification)


register_types(
    member_to_approve=NotificationType(_("Decide"), members_path),
    member_approved=GO_TO_MY_PAGE,
    member_refused=GO_TO_MY_PAGE,
    made_administrator=NotificationType(_("See your colleagues"), organisation_path),
)


def write_invitation(invitation):
    """Put the mail with the link of `invitation` into the queue, in the inviter's language."""
    with override(invitation.created_by.language):
        # Names that somebody has typed go only to who has an account: a stranger reads them on the
        # page, which is ours, and not in a mail that could say anything.
        known = has_confirmed(invitation.email)
        values = {
            "organisation": invitation.organisation if known else None,
            "inviter": invitation.created_by if known else None,
        }
        render_email_from(
            "invitation",
            to=invitation.email,
            values=values | {"expires": invitation.expires_at},
            action=_("Join"),
            url=absolute(invitation.get_absolute_url()),
        ).send()
