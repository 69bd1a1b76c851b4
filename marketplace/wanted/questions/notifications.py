"""The question to a likely giver, by mail and in the inbox."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.models import Notification
from marketplace.notifications.types import NotificationType, register_types
from marketplace.wanted.questions.models import GiverQuestion


def question_path(notification: Notification) -> str:
    found = GiverQuestion.objects.filter(pk=notification.context["question_id"]).first()
    return found.get_absolute_url() if found else reverse("marketplace:wanted_list")


register_types(wanted_asked=NotificationType(_("Answer with one tap"), question_path))
