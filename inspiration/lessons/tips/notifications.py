"""Notifications about tips."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspiration.lessons.tips.models import LessonTip
from marketplace.notifications.services import notify
from marketplace.notifications.types import NotificationType, admin_home_path, register_types
from marketplace.organisations.membership.recipients import members
from marketplace.review.notifier import ReviewNotifier, key_for
from marketplace.review.recipients import editors


def tip_path(notification):
    return reverse("inspiration:tip", args=[notification.context["tip_id"]])


def edit_tip_path(notification):
    return reverse("inspiration:tip_edit", args=[notification.context["tip_id"]])


register_types(
    tip_submitted=NotificationType(_("Review it"), admin_home_path),
    tip_approved=NotificationType(_("See the tip"), tip_path),
    tip_changes_requested=NotificationType(_("Change and send again"), edit_tip_path),
    tip_rejected=NotificationType(_("Change and send again"), edit_tip_path),
)


class TipReview(ReviewNotifier):
    """Notifies the unit whose tip it is."""

    def submitted(self, task_state):
        tip = task_state.workflow_state.content_object
        notify(
            users=editors(),
            type="tip_submitted",
            key=f"task:{task_state.pk}:submitted",
            organisation=tip.organisation,
            tip_id=tip.pk,
            tip_title=tip.get_latest_revision_as_object().title,
        )

    def approved(self, workflow_state):
        self.notify(workflow_state, "tip_approved")

    def changes_requested(self, workflow_state, comment):
        self.notify(workflow_state, "tip_changes_requested", comment=comment)

    def rejected(self, workflow_state, comment):
        self.notify(workflow_state, "tip_rejected", comment=comment)

    def notify(self, workflow_state, type, **context):
        tip = workflow_state.content_object
        notify(
            users=members(tip.organisation),
            type=type,
            key=key_for(workflow_state, type),
            organisation=tip.organisation,
            tip_id=tip.pk,
            tip_title=tip.title,
            **context,
        )


LessonTip.review_notifier = TipReview()
