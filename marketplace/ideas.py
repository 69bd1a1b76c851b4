"""Services for pupils' ideas: invite a class, receive, let through, answer.

Apart from `services` because nothing here touches stock or the ledger.
"""

from datetime import timedelta

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.errors import ExchangeError, WrongState
from marketplace.models import Idea, IdeaInvitation, IdeaMessage, IdeaPhoto, IdeaProgress
from marketplace.notifications import notify


class InvitationClosed(ExchangeError):
    message = _("This link is no longer open. Ask your teacher for a new one.")


class TooManyIdeas(ExchangeError):
    message = _("Many ideas have come in just now. Wait a while and send yours again.")


def invite_class(*, handover, by):
    """Open (or open again) the pupils' link for `handover`; returns the `IdeaInvitation`.

    Opening again gives a new secret, so that a withdrawn link stays dead.
    """
    expires_at = timezone.now() + timedelta(days=IdeaInvitation.VALID_DAYS)
    with transaction.atomic():
        old = IdeaInvitation.objects.select_for_update().filter(handover=handover).first()
        if old and old.is_valid:
            return old
        if old:
            fresh = IdeaInvitation(handover=handover)
            old.token = fresh.token
            old.revoked_at = None
            old.expires_at = expires_at
            old.created_by = by
            old.save()
            return old
        try:
            with transaction.atomic():
                return IdeaInvitation.objects.create(
                    handover=handover, created_by=by, expires_at=expires_at
                )
        except IntegrityError:
            return IdeaInvitation.objects.get(handover=handover)


def revoke_invitation(*, invitation):
    """Close the link at once."""
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    return invitation


def count_try(*, invitation):
    """Count that somebody pressed a button on the class's page. Raises `TooManyIdeas`.

    The count is kept in the cache, by the link and not by the person, and forgotten after an hour.
    """
    key = f"idea-tries-{invitation.pk}"
    cache.add(key, 0, 3600)
    if cache.incr(key) > invitation.MAX_TRIES_PER_HOUR or not has_room(invitation):
        raise TooManyIdeas


def has_room(invitation):
    """Whether one more idea may be sent through the link just now."""
    sent = Idea.objects.filter(handover=invitation.handover)
    last_hour = sent.filter(created_at__gt=timezone.now() - timedelta(hours=1)).count()
    return last_hour < invitation.MAX_PER_HOUR and sent.count() < invitation.MAX_IN_ALL


def receive_idea(*, invitation, idea, images):
    """Save what a pupil sent as a draft that waits for the teacher.

    `idea` is an unsaved `Idea`; `images` are saved `CustomImage` rows in order. Raises
    `InvitationClosed` or `TooManyIdeas`.
    """
    with transaction.atomic():
        invitation = IdeaInvitation.objects.select_for_update().get(pk=invitation.pk)
        if not invitation.is_valid:
            raise InvitationClosed
        if not has_room(invitation):
            raise TooManyIdeas
        idea.handover = invitation.handover
        idea.live = False
        idea.photos.set(
            [IdeaPhoto(image=image, sort_order=order) for order, image in enumerate(images)]
        )
        idea.save()
        IdeaProgress.objects.create(idea=idea)
        notify(
            users=invitation.handover.receiver.active_members(),
            kind="idea_to_approve",
            # One mail for a whole lesson's ideas, not one for each pupil.
            key=f"handover:{invitation.handover_id}:ideas:{timezone.localdate()}",
            organisation=invitation.handover.receiver,
            listing=invitation.handover.listing,
        )
        return idea


def let_through(*, idea, by):
    """The teacher lets the company see the idea, and hands it to the editors for the site."""
    with transaction.atomic():
        progress = _undecided(idea)
        progress.approved_at = timezone.now()
        progress.decided_by = by
        progress.save()
        revision = idea.save_revision(user=by, log_action=True)
        workflow = idea.get_workflow()
        if workflow:
            workflow.start(revision.as_object(), by)
        notify(
            users=idea.handover.giver.active_members(),
            kind="idea_received",
            key=f"idea:{idea.pk}:received",
            organisation=idea.handover.giver,
            listing=idea.handover.listing,
            idea_id=idea.pk,
            idea_title=idea.title,
        )
        return idea


def stop(*, idea, by):
    """The teacher stops the idea. Nobody outside the school sees it."""
    with transaction.atomic():
        progress = _undecided(idea)
        progress.declined_at = timezone.now()
        progress.decided_by = by
        progress.save()
        return idea


def thank(*, idea, by):
    """The company thanks the class."""
    return _answer(idea=idea, field="thanked_at", kind="idea_thanked")


def take_further(*, idea, by):
    """The company wants to build on the idea."""
    return _answer(idea=idea, field="taken_further_at", kind="idea_taken_further")


def mark_story_begun(*, idea, begun=True):
    """Note that an editor has begun a story about the idea, or that there is none any more."""
    IdeaProgress.objects.filter(idea=idea).update(story_begun_at=timezone.now() if begun else None)
    return idea


def write(*, idea, by, organisation, text):
    """Add a message about an idea, from the school or the company, and tell the other side."""
    with transaction.atomic():
        message = IdeaMessage.objects.create(
            idea=idea, author=by, organisation=organisation, text=text
        )
        parties = (idea.handover.giver, idea.handover.receiver)
        other = parties[1] if organisation == parties[0] else parties[0]
        notify(
            users=other.active_members(),
            kind="idea_message",
            key=f"idea:{idea.pk}:message:{message.pk}",
            organisation=other,
            listing=idea.handover.listing,
            idea_id=idea.pk,
            idea_title=idea.title,
            sender=organisation.name,
            text=text,
        )
        return message


def _answer(*, idea, field, kind):
    with transaction.atomic():
        progress = IdeaProgress.objects.select_for_update().get(idea=idea)
        if progress.approved_at is None:
            raise WrongState
        if getattr(progress, field) is None:
            setattr(progress, field, timezone.now())
            progress.save(update_fields=[field])
            notify(
                users=idea.handover.receiver.active_members(),
                kind=kind,
                key=f"idea:{idea.pk}:{field}",
                organisation=idea.handover.receiver,
                listing=idea.handover.listing,
                idea_id=idea.pk,
                idea_title=idea.title,
            )
        return idea


def _undecided(idea):
    progress = IdeaProgress.objects.select_for_update().get(idea=idea)
    if progress.approved_at or progress.declined_at:
        raise WrongState
    return progress
