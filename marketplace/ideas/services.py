"""Services for pupils' ideas: invite a class, receive, approve, answer.

Apart from `services` because nothing here touches stock or the ledger.
"""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.handovers.models import Handover
from marketplace.ideas.models import Idea, IdeaInvitation, IdeaMessage, IdeaProgress
from marketplace.notifications.services import notify
from marketplace.organisations.models import Organisation
from marketplace.review.errors import ExchangeError, WrongState
from marketplace.review.services import send_for_review
from portal.foundation import throttling
from portal.foundation.images.models import CustomImage
from portal.foundation.users.models import User

# How long a device that has used the link is recognised.
DEVICE_KNOWN_SECONDS = 24 * 60 * 60


class InvitationClosed(ExchangeError):
    message = _("This link is no longer open. Ask for a new one.")


class TooManyIdeas(ExchangeError):
    message = _("Many ideas have just come in. Wait a while and send yours again.")


def invite_class(*, handover: Handover, by: User) -> IdeaInvitation:
    """Open (or open again) the pupils' link for `handover`; returns the `IdeaInvitation`.

    Opening again gives a new secret, so that a withdrawn link stays dead.
    """
    expires_at = timezone.now() + timedelta(days=IdeaInvitation.VALID_DAYS)
    with transaction.atomic():
        invitation, _created = IdeaInvitation.objects.select_for_update().get_or_create(
            handover=handover, defaults={"created_by": by, "expires_at": expires_at}
        )
        if not invitation.is_valid:
            invitation.token = IdeaInvitation(handover=handover).token
            invitation.revoked_at = None
            invitation.expires_at = expires_at
            invitation.created_by = by
            invitation.save()
        return invitation


def revoke_invitation(*, invitation: IdeaInvitation) -> IdeaInvitation:
    """Close the link at once."""
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    return invitation


def count_try(*, invitation: IdeaInvitation, device: str) -> None:
    """Count that somebody pressed a button on the class's page. Raises `TooManyIdeas`.

    Tries are counted by pupil's device (see `throttling.device_of`), so that one who plays with the
    button stops nobody else; new devices are counted by link, for who pretends to be many.
    """
    key = f"{invitation.pk}:{device}"
    seen = f"class-link:{sha256(key.encode()).hexdigest()}"
    if throttling.store.get(seen) is None:
        if not throttling.allows("class_link_new_device", key=str(invitation.pk)):
            raise TooManyIdeas
        throttling.store.set(seen, 1, DEVICE_KNOWN_SECONDS)
    if not throttling.allows("class_link_device", key=key) or not has_room(invitation):
        raise TooManyIdeas


def has_room(invitation: IdeaInvitation) -> bool:
    """Whether one more idea may be sent through the link just now."""
    sent = Idea.objects.filter(handover=invitation.handover)
    last_hour = sent.filter(created_at__gt=timezone.now() - timedelta(hours=1)).count()
    return last_hour < invitation.MAX_PER_HOUR and sent.count() < invitation.MAX_IN_ALL


def receive_idea(
    *,
    invitation: IdeaInvitation,
    idea: Idea,
    images: Iterable[tuple[CustomImage, str]],
    device: str = "",
) -> Idea:
    """Save what a pupil sent as a draft that waits for the teacher.

    `idea` is an unsaved `Idea`; `images` are saved `CustomImage` rows in order, each with its
    alternative text. Raises `InvitationClosed` or `TooManyIdeas`.
    """
    with transaction.atomic():
        invitation = IdeaInvitation.objects.select_for_update().get(pk=invitation.pk)
        if not invitation.is_valid:
            raise InvitationClosed
        if not has_room(invitation):
            raise TooManyIdeas
        if device and not throttling.allows("class_link_idea", key=f"{invitation.pk}:{device}"):
            raise TooManyIdeas
        idea.handover = invitation.handover
        idea.live = False
        idea.set_photos(images)
        idea.save()
        IdeaProgress.objects.create(idea=idea)
        notify(
            users=invitation.handover.receiver.active_members(),
            type="idea_to_approve",
            # One mail for a whole lesson's ideas, not one for each pupil.
            key=f"handover:{invitation.handover_id}:ideas:{timezone.localdate()}",
            organisation=invitation.handover.receiver,
            listing=invitation.handover.listing,
        )
        return idea


def approve_idea(*, idea: Idea, by: User) -> Idea:
    """The teacher lets the company see the idea, and hands it to the editors for the site."""
    with transaction.atomic():
        progress = _undecided(idea)
        progress.approved_at = timezone.now()
        progress.decided_by = by
        progress.save()
        revision = idea.save_revision(user=by, log_action=True)
        send_for_review(idea, version=revision.as_object(), by=by)
        notify(
            users=idea.handover.giver.active_members(),
            type="idea_received",
            key=f"idea:{idea.pk}:received",
            organisation=idea.handover.giver,
            listing=idea.handover.listing,
            idea_id=idea.pk,
            idea_title=idea.title,
        )
        return idea


def reject_idea(*, idea: Idea, by: User) -> Idea:
    """The teacher stops the idea. Nobody outside the school sees it."""
    with transaction.atomic():
        progress = _undecided(idea)
        progress.declined_at = timezone.now()
        progress.decided_by = by
        progress.save()
        return idea


def thank(*, idea: Idea, by: User) -> Idea:
    """The company thanks the class."""
    return _answer(idea=idea, field="thanked_at", type="idea_thanked")


def adopt_idea(*, idea: Idea, by: User) -> Idea:
    """The company wants to build on the idea."""
    return _answer(idea=idea, field="adopted_at", type="idea_taken_further")


def mark_story_started(*, idea: Idea, started: bool = True) -> Idea:
    """Note that an editor has started a story about the idea, or that there is none any more."""
    IdeaProgress.objects.filter(idea=idea).update(
        story_started_at=timezone.now() if started else None
    )
    return idea


def write(*, idea: Idea, by: User, organisation: Organisation, text: str) -> IdeaMessage:
    """Add a message about an idea, from the school or the company, and tell the other side."""
    with transaction.atomic():
        message = IdeaMessage.objects.create(
            idea=idea, author=by, organisation=organisation, text=text
        )
        parties = (idea.handover.giver, idea.handover.receiver)
        other = parties[1] if organisation == parties[0] else parties[0]
        notify(
            users=other.active_members(),
            type="idea_message",
            key=f"idea:{idea.pk}:message:{message.pk}",
            organisation=other,
            listing=idea.handover.listing,
            idea_id=idea.pk,
            idea_title=idea.title,
            sender=organisation.name,
            text=text,
        )
        return message


def _answer(*, idea: Idea, field: str, type: str) -> Idea:
    with transaction.atomic():
        progress = IdeaProgress.objects.select_for_update().get(idea=idea)
        if progress.approved_at is None:
            raise WrongState
        if getattr(progress, field) is None:
            setattr(progress, field, timezone.now())
            progress.save(update_fields=[field])
            notify(
                users=idea.handover.receiver.active_members(),
                type=type,
                key=f"idea:{idea.pk}:{field}",
                organisation=idea.handover.receiver,
                listing=idea.handover.listing,
                idea_id=idea.pk,
                idea_title=idea.title,
            )
        return idea


def _undecided(idea: Idea) -> IdeaProgress:
    progress = IdeaProgress.objects.select_for_update().get(idea=idea)
    if progress.approved_at or progress.declined_at:
        raise WrongState
    return progress
