"""Notifications about tips."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspiration.lessons.tips.models import LessonTip
from marketplace.notifications.types import NotificationType, admin_home_path, register_types
from marketplace.organisations.membership.reviews import OrganisationReview


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

LessonTip.review_notifier = OrganisationReview("tip")
