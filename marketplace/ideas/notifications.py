"""Notifications about pupils' ideas."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.ideas.models import Idea
from marketplace.notifications.services import notify
from marketplace.notifications.types import NotificationType, admin_home_path, register_types
from marketplace.review.notifier import ReviewNotifier, key_for
from marketplace.review.recipients import editors


def own_ideas_path(notification):
    return reverse("marketplace:own_ideas")


def idea_path(notification):
    return reverse("marketplace:idea", args=[notification.context["idea_id"]])


register_types(
    idea_to_approve=NotificationType(_("Read the ideas"), own_ideas_path),
    idea_received=NotificationType(_("Read the idea"), idea_path),
    idea_thanked=NotificationType(_("See the idea"), idea_path),
    idea_taken_further=NotificationType(_("See the idea"), idea_path),
    idea_message=NotificationType(_("Answer"), idea_path),
    ideas_submitted=NotificationType(_("Review them"), admin_home_path),
    idea_published=NotificationType(_("See the idea"), idea_path),
    idea_not_published=NotificationType(_("See the idea"), idea_path),
)


class IdeaReview(ReviewNotifier):
    """Notifies the school, and the company when the idea is published."""

    def submitted(self, task_state):
        handover = task_state.workflow_state.content_object.handover
        notify(
            users=editors(),
            type="ideas_submitted",
            # A class sends many at a time. The queue in the admin shows each.
            key=f"ideas:submitted:{timezone.localdate()}",
            organisation=handover.receiver,
            listing=handover.listing,
        )

    def approved(self, workflow_state):
        handover = workflow_state.content_object.handover
        for organisation in (handover.receiver, handover.giver):
            self.notify(workflow_state, "idea_published", organisation)

    def changes_requested(self, workflow_state, comment):
        receiver = workflow_state.content_object.handover.receiver
        self.notify(workflow_state, "idea_not_published", receiver, comment=comment)

    def notify(self, workflow_state, type, organisation, **context):
        idea = workflow_state.content_object
        notify(
            users=organisation.active_members(),
            type=type,
            key=key_for(workflow_state, type),
            organisation=organisation,
            listing=idea.handover.listing,
            idea_id=idea.pk,
            idea_title=idea.title,
            **context,
        )


Idea.review_notifier = IdeaReview()
