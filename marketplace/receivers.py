"""What the exchange does when Wagtail publishes, unpublishes or reviews what people sent in."""

from functools import partial

from allauth.account.signals import user_logged_in
from django.db import transaction
from django.utils import timezone
from wagtail.admin import mail
from wagtail.models import AbstractPage, TaskState, WorkflowState
from wagtail.signals import (
    published,
    task_submitted,
    unpublished,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from portal.signals import person_leaves

from . import services
from .models import Idea, ListingImport, MaterialListing, WantedAd
from .notifications import editors, members, notify
from .privacy import on_person_leaves
from .views.organisations import on_signed_in


class PagesOnly:
    """Makes one of Wagtail's notifiers leave snippets alone: the exchange tells about those."""

    def can_handle(self, instance, **kwargs):
        state = getattr(instance, "workflow_state", instance)
        return isinstance(state.content_object, AbstractPage) and super().can_handle(
            instance, **kwargs
        )


class TaskSubmitted(PagesOnly, mail.GroupApprovalTaskStateSubmissionEmailNotifier):
    pass


class WorkflowSubmitted(PagesOnly, mail.WorkflowStateSubmissionEmailNotifier):
    pass


class WorkflowApproved(PagesOnly, mail.WorkflowStateApprovalEmailNotifier):
    pass


class WorkflowRejected(PagesOnly, mail.WorkflowStateRejectionEmailNotifier):
    pass


# Wagtail connects its own under these names unless the name is taken, whichever app comes first.
WAGTAIL_MAIL = [
    (task_submitted, TaskState, TaskSubmitted, "group_approval_task_submitted_email_notification"),
    (
        workflow_submitted,
        WorkflowState,
        WorkflowSubmitted,
        "workflow_state_submitted_email_notification",
    ),
    (
        workflow_approved,
        WorkflowState,
        WorkflowApproved,
        "workflow_state_approved_email_notification",
    ),
    (
        workflow_rejected,
        WorkflowState,
        WorkflowRejected,
        "workflow_state_rejected_email_notification",
    ),
]


def connect():
    published.connect(on_published, sender=MaterialListing, dispatch_uid="listing_published")
    unpublished.connect(on_unpublished, sender=MaterialListing, dispatch_uid="listing_unpublished")
    task_submitted.connect(on_task_submitted, dispatch_uid="listing_task_submitted")
    workflow_approved.connect(on_approved, dispatch_uid="listing_approved")
    workflow_rejected.connect(on_changes_requested, dispatch_uid="listing_changes_requested")
    workflow_cancelled.connect(on_cancelled, dispatch_uid="listing_cancelled")
    user_logged_in.connect(on_signed_in, dispatch_uid="registration_on_signing_in")
    person_leaves.connect(on_person_leaves, dispatch_uid="person_leaves")
    for signal, sender, notifier, name in WAGTAIL_MAIL:
        signal.disconnect(sender=sender, dispatch_uid=name)
        signal.connect(notifier(), sender=sender, dispatch_uid=name, weak=False)


def on_published(sender, instance, **kwargs):
    services.follow_regular_offer(instance)
    services.announce(instance.pk)


def on_unpublished(sender, instance, **kwargs):
    services.announce(instance.pk)


def listing_of(workflow_state):
    """The listing that is reviewed, as it is online; None when it is something else."""
    about = workflow_state.content_object
    return about if isinstance(about, MaterialListing) else None


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


def on_task_submitted(sender, instance, user, **kwargs):
    about = instance.workflow_state.content_object
    if isinstance(about, MaterialListing):
        # A task that passes the listings of trusted organisations has by then done so.
        transaction.on_commit(partial(tell_editors, instance.pk))
    elif isinstance(about, WantedAd):
        notify(
            users=editors(),
            kind="wanted_submitted",
            key=f"task:{instance.pk}:submitted",
            organisation=about.organisation,
            wanted_id=about.pk,
            wanted_title=about.get_latest_revision_as_object().title,
        )
    elif isinstance(about, Idea):
        notify(
            users=editors(),
            kind="ideas_submitted",
            # A class sends many at a time. The queue in the admin shows each.
            key=f"ideas:submitted:{timezone.localdate()}",
            organisation=about.handover.receiver,
            listing=about.handover.listing,
        )


def tell_editors(task_state_pk):
    task_state = TaskState.objects.get(pk=task_state_pk)
    if task_state.status != TaskState.STATUS_IN_PROGRESS:
        return
    listing = listing_of(task_state.workflow_state)
    first = task_state.workflow_state.task_states.count() == 1
    if first and (batch := import_of(task_state.workflow_state)):
        # One mail for a whole spreadsheet, not one for each of its rows.
        notify(
            users=editors(),
            kind="import_submitted",
            key=f"import:{batch.pk}:submitted",
            organisation=listing.organisation,
            rows=batch.total,
            file=batch.file_name,
        )
        return
    notify(
        users=editors(),
        kind="listing_submitted",
        key=f"task:{task_state.pk}:submitted",
        listing=listing,
        title=listing.get_latest_revision_as_object().title,
    )


def tell_giver(workflow_state, kind, **context):
    listing = listing_of(workflow_state)
    if listing:
        notify(
            users=members(listing.organisation),
            kind=kind,
            key=f"task:{workflow_state.current_task_state_id}:{kind}",
            listing=listing,
            **context,
        )


def tell_about_wanted_ad(workflow_state, kind, **context):
    """Tell the school how the review of its ad went."""
    ad = workflow_state.content_object
    notify(
        users=members(ad.organisation),
        kind=kind,
        key=f"task:{workflow_state.current_task_state_id}:{kind}",
        organisation=ad.organisation,
        wanted_id=ad.pk,
        wanted_title=ad.title,
        **context,
    )


def tell_about_idea(workflow_state, kind, *organisations, **context):
    """Tell school and company, or one of them, how the review of an idea went."""
    idea = workflow_state.content_object
    for organisation in organisations:
        notify(
            users=organisation.active_members(),
            kind=kind,
            key=f"task:{workflow_state.current_task_state_id}:{kind}",
            organisation=organisation,
            listing=idea.handover.listing,
            idea_id=idea.pk,
            idea_title=idea.title,
            **context,
        )


def on_approved(sender, instance, user, **kwargs):
    about = instance.content_object
    if isinstance(about, WantedAd):
        tell_about_wanted_ad(instance, "wanted_approved")
        return
    if isinstance(about, Idea):
        tell_about_idea(instance, "idea_published", about.handover.receiver, about.handover.giver)
        return
    listing = listing_of(instance)
    if listing and (batch := import_of(instance)):
        # Editors publish many of them on the same day.
        notify(
            users=members(listing.organisation),
            kind="import_published",
            key=f"import:{batch.pk}:published:{timezone.localdate()}",
            organisation=listing.organisation,
            file=batch.file_name,
        )
        return
    tell_giver(instance, "listing_approved")


def on_changes_requested(sender, instance, user, **kwargs):
    comment = instance.current_task_state.comment
    about = instance.content_object
    if isinstance(about, WantedAd):
        tell_about_wanted_ad(instance, "wanted_changes_requested", comment=comment)
    elif isinstance(about, Idea):
        tell_about_idea(instance, "idea_not_published", about.handover.receiver, comment=comment)
    else:
        tell_giver(instance, "listing_changes_requested", comment=comment)


def on_cancelled(sender, instance, user, **kwargs):
    """Somebody ended a review: those who sent it in by withdrawing or sending anew, or an editor.

    Editors also end it by publishing at once, which Wagtail does after this.
    """
    about = instance.content_object
    if isinstance(about, MaterialListing | WantedAd):
        own = about.organisation
    elif isinstance(about, Idea):
        own = about.handover.receiver
    else:
        return
    if user and not own.active_members().filter(pk=user.pk).exists():
        transaction.on_commit(partial(tell_about_cancelled, instance.pk))


def tell_about_cancelled(workflow_state_pk):
    workflow_state = WorkflowState.objects.get(pk=workflow_state_pk)
    about = workflow_state.content_object
    online = about.live and not about.has_unpublished_changes
    # Nothing can be written when a review is ended, but perhaps it was asked for changes before.
    why = {} if online else {"comment": last_comment(workflow_state)}
    if isinstance(about, WantedAd):
        kind = "wanted_approved" if online else "wanted_rejected"
        tell_about_wanted_ad(workflow_state, kind, **why)
    elif isinstance(about, Idea):
        if online:
            tell_about_idea(
                workflow_state, "idea_published", about.handover.receiver, about.handover.giver
            )
    else:
        tell_giver(workflow_state, "listing_approved" if online else "listing_rejected", **why)


def last_comment(workflow_state):
    """What an editor wrote last when asking for changes in a review, or ""."""
    asked = workflow_state.task_states.filter(status=TaskState.STATUS_REJECTED)
    return asked.order_by("-finished_at").values_list("comment", flat=True).first() or ""
