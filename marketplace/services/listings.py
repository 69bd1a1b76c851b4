"""Sending a listing for review, taking it back and opening it again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState

from marketplace import errors, notifications
from marketplace.models import MaterialListing, Reservation

from .reservations import close
from .stock import announce, lock_stock


@transaction.atomic
def submit_listing(*, listing, by):
    """Save what is in `listing` as a new version and send it for review.

    The workflow that is assigned to the model in Wagtail decides what happens then. With no
    workflow the version stays a draft. A published listing stays online as it was until the new
    version is approved. A version that already waits is replaced by this one.
    """
    listing.save_revision(user=by, log_action=True)
    workflow = listing.get_workflow()
    if workflow is None:
        return listing
    state = listing.current_workflow_state
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=by)
    else:
        if state:
            state.cancel(user=by)
        workflow.start(listing, by)
    listing.refresh_from_db()
    return listing


@transaction.atomic
def withdraw_listing(*, listing, by):
    """Take a listing out of the exchange. What has been promised stays promised.

    Requests that nobody has answered are declined, a review in progress ends.
    """
    stock = lock_stock(listing.pk)
    if stock.closed_at is None:
        stock.closed_at = timezone.now()
        stock.save(update_fields=["closed_at"])
    if state := listing.current_workflow_state:
        state.cancel(user=by)
    for reservation in listing.reservations.requested().select_for_update(of=("self",)):
        close(
            reservation,
            Reservation.State.DECLINED,
            by=by,
            note=_("The material is no longer given away."),
            kind="reservation_declined",
            users=notifications.members(reservation.organisation, but=by),
        )
    announce(listing.pk)
    return listing


@transaction.atomic
def reopen_listing(*, listing, by, available_until=None):
    """Put a closed or ended listing back, until `available_until` (a date, or None for no end).

    Only the last day changes, both in what is shown and in a version that may wait for review.
    """
    stock = lock_stock(listing.pk)
    if available_until and available_until < timezone.localdate():
        raise errors.ListingNotAvailable(_("The last day has already passed."))
    stock.closed_at = None
    stock.save(update_fields=["closed_at"])
    listing.available_until = available_until
    MaterialListing.objects.filter(pk=listing.pk).update(available_until=available_until)
    if revision := listing.latest_revision:
        revision.content["available_until"] = available_until and available_until.isoformat()
        revision.save(update_fields=["content"])
    announce(listing.pk)
    return listing
