"""Notifications to staff and to those who wait, about the queue."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, register_types


def page_path(notification):
    return reverse("wagtailadmin_pages:edit", args=[notification.context["page_id"]])


def queue_path(notification):
    """The queue, with what the notification is about open."""
    return reverse("queue") + f"?oppen={notification.context['opened']}"


def figures_path(notification):
    return reverse("figure_reports:dashboard")


def waiting_path(notification):
    """Where those who wait see where it stands: staff in the admin, others on their page."""
    page = notification.context["opened"].startswith(("page-", "text-"))
    return reverse("wagtailadmin_home") if page else reverse("marketplace:my_page")


register_types(
    page_refused=NotificationType(_("Open the page"), page_path),
    late_for_next=NotificationType(_("Look and decide"), queue_path),
    late_for_coordinator=NotificationType(_("Look and decide"), queue_path),
    late_in_numbers=NotificationType(_("See the figures"), figures_path),
    answer_is_late=NotificationType(_("See how far it has got"), waiting_path),
)
