"""Services for wanted ads: send one for review, close it, answer it."""

from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction

from marketplace.errors import ListingNotAvailable
from marketplace.models import WantedAnswer
from marketplace.notifications import notify


def submit_wanted_ad(*, wanted_ad, by, tags=()):
    """Save `wanted_ad` and send it to the editors. A published one stays online meanwhile."""
    with transaction.atomic():
        wanted_ad.tags.set(tags)
        if wanted_ad.pk is None:
            wanted_ad.live = False
            wanted_ad.created_by = by
            wanted_ad.save()
        revision = wanted_ad.save_revision(user=by, log_action=True)
        state = wanted_ad.current_workflow_state
        if state:
            # Sent back with questions: the same review goes on. Still waiting: nothing to do.
            if state.status == state.STATUS_NEEDS_CHANGES:
                state.resume(user=by)
        elif workflow := wanted_ad.get_workflow():
            workflow.start(revision.as_object(), by)
        return wanted_ad


def close_wanted_ad(*, wanted_ad, by):
    """Take the ad off the site: the school found what it needed, or no longer needs it."""
    with transaction.atomic():
        if state := wanted_ad.current_workflow_state:
            state.cancel(user=by)
        if wanted_ad.live:
            # Who may close an ad is the portal's own rule; Wagtail knows only that of editors.
            UnpublishAction(wanted_ad, user=by).execute(skip_permission_checks=True)
        return wanted_ad


def answer_wanted_ad(*, wanted_ad, organisation, by, text="", listing=None):
    """A company answers with words, a listing of its own, or both; the school gets a mail.

    Raises `ListingNotAvailable` when the ad has been closed meanwhile.
    """
    with transaction.atomic():
        if not wanted_ad.is_open:
            raise ListingNotAvailable
        answer = WantedAnswer.objects.create(
            wanted_ad=wanted_ad, organisation=organisation, author=by, text=text, listing=listing
        )
        notify(
            users=wanted_ad.organisation.active_members(),
            kind="wanted_answer",
            key=f"wanted:{wanted_ad.pk}:answer:{answer.pk}",
            organisation=wanted_ad.organisation,
            listing=listing,
            wanted_title=wanted_ad.title,
            wanted_id=wanted_ad.pk,
            sender=organisation.name,
            text=text,
        )
        return answer
