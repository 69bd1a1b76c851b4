"""Notifications about wanted ads."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, about_path, register_types
from marketplace.organisations.membership.reviews import OrganisationReview
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

WantedAd.review_notifier = OrganisationReview("wanted")
