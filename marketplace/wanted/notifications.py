"""Notifications about wanted ads."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.services import notify
from marketplace.notifications.types import NotificationType, about_path, register_types
from marketplace.organisations.membership.recipients import members
from marketplace.review.notifier import ReviewNotifier, key_for
from marketplace.review.recipients import editors
from marketplace.wanted.models import WantedAd


def wanted_path(notification):
    return reverse("marketplace:wanted_short", args=[notification.context["wanted_id"]])


def held_path(notification):
    """Where to say yes to what is held, or else the answers to the ad, or the listing."""
    if place := notification.context.get("waiting_id"):
        return reverse("marketplace:waiting_place", args=[place])
    return (
        wanted_path(notification)
        if notification.type == "wanted_answer"
        else about_path(notification)
    )


def admin_wanted_path(notification):
    return reverse(
        "wagtailsnippets_marketplace_wantedad:edit", args=[notification.context["wanted_id"]]
    )


def edit_wanted_path(notification):
    return reverse("marketplace:wanted_edit", args=[notification.context["wanted_id"]])


register_types(
    wanted_submitted=NotificationType(_("Review it"), admin_wanted_path),
    wanted_approved=NotificationType(_("See the ad"), wanted_path),
    wanted_changes_requested=NotificationType(_("Change and send again"), edit_wanted_path),
    wanted_rejected=NotificationType(_("Change and send again"), edit_wanted_path),
    wanted_answer=NotificationType(_("See the answer"), held_path),
    wanted_match=NotificationType(_("See the listing"), held_path),
)


class WantedAdReview(ReviewNotifier):
    """Notifies the school whose ad it is."""

    def submitted(self, task_state):
        ad = task_state.workflow_state.content_object
        notify(
            users=editors(),
            type="wanted_submitted",
            key=f"task:{task_state.pk}:submitted",
            organisation=ad.organisation,
            wanted_id=ad.pk,
            wanted_title=ad.get_latest_revision_as_object().title,
        )

    def approved(self, workflow_state):
        self.notify(workflow_state, "wanted_approved")

    def changes_requested(self, workflow_state, comment):
        self.notify(workflow_state, "wanted_changes_requested", comment=comment)

    def rejected(self, workflow_state, comment):
        self.notify(workflow_state, "wanted_rejected", comment=comment)

    def notify(self, workflow_state, type, **context):
        ad = workflow_state.content_object
        notify(
            users=members(ad.organisation),
            type=type,
            key=key_for(workflow_state, type),
            organisation=ad.organisation,
            wanted_id=ad.pk,
            wanted_title=ad.title,
            **context,
        )


WantedAd.review_notifier = WantedAdReview()
