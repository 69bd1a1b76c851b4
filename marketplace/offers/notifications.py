"""Notifications about the review of listings."""

from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import TaskState, WorkflowState

from marketplace.listings.models import MaterialListing
from marketplace.notifications.services import notify
from marketplace.notifications.types import (
    GO_TO_MY_PAGE,
    NotificationType,
    admin_home_path,
    admin_path,
    register_types,
)
from marketplace.offers.imports.models import ListingImport
from marketplace.organisations.membership.recipients import members
from marketplace.review.notifier import SenderReview
from marketplace.review.recipients import editors


def edit_path(notification):
    return reverse("marketplace:offer_edit", args=[notification.listing_id])


register_types(
    listing_submitted=NotificationType(_("Review it"), admin_path),
    listing_approved=NotificationType(_("See the listing")),
    listing_changes_requested=NotificationType(_("Change and send again"), edit_path),
    listing_rejected=NotificationType(_("Change and send again"), edit_path),
    import_submitted=NotificationType(_("Review them"), admin_home_path),
    import_published=GO_TO_MY_PAGE,
)


class ListingReview(SenderReview):
    """Notifies the giver; a spreadsheet of listings is one notification, not one for each row."""

    name = "listing"

    def senders(self, sent):
        return members(sent.organisation)

    def about(self, sent, version):
        return {"listing": sent}

    def submitted(self, task_state):
        # A task that passes the listings of trusted organisations has done so by the commit.
        transaction.on_commit(partial(notify_editors, task_state.pk))

    def approved(self, workflow_state):
        listing = workflow_state.content_object
        if batch := import_of(workflow_state):
            # Editors publish many of them on the same day.
            notify(
                users=members(listing.organisation),
                type="import_published",
                key=f"import:{batch.pk}:published:{timezone.localdate()}",
                organisation=listing.organisation,
                file=batch.file_name,
            )
            return
        super().approved(workflow_state)


def import_of(workflow_state):
    """The spreadsheet whose listing is reviewed for the first time, or None."""
    reviews = WorkflowState.objects.for_instance(workflow_state.content_object)
    if reviews.exclude(pk=workflow_state.pk).exists():
        return None
    return (
        ListingImport.objects.filter(
            rows__listing=workflow_state.object_id, rows__sent_at__isnull=False
        )
        .defer("content")
        .first()
    )


def notify_editors(task_state_pk):
    task_state = TaskState.objects.get(pk=task_state_pk)
    if task_state.status != TaskState.STATUS_IN_PROGRESS:
        return
    listing = task_state.workflow_state.content_object
    first = task_state.workflow_state.task_states.count() == 1
    if first and (batch := import_of(task_state.workflow_state)):
        notify(
            users=editors(),
            type="import_submitted",
            key=f"import:{batch.pk}:submitted",
            organisation=listing.organisation,
            rows=batch.total,
            file=batch.file_name,
        )
        return
    notify(
        users=editors(),
        type="listing_submitted",
        key=f"task:{task_state.pk}:submitted",
        listing=listing,
        title=listing.get_latest_revision_as_object().title,
    )


MaterialListing.review_notifier = ListingReview()
