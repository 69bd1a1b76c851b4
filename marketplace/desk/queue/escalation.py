"""What waits too long goes to the next person, then to the coordinators, then as a number upwards.

Each is told once, by the keys of the notifications, so that running this again changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page, TaskState

from marketplace.desk.queue.reviewed import exchanged
from marketplace.exchange.notes.models import Note
from marketplace.municipalities.models import Municipality
from marketplace.notifications.models import Notification
from marketplace.notifications.services import notify
from marketplace.organisations.approval.recipients import approvers
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Membership, Organisation
from marketplace.review.late import (
    MEMBER_WAITS,
    Turn,
    came_to_coordinators,
    late_since,
    turn_of,
)
from marketplace.review.models import Reviewed
from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinators_of, people_with
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.users.models import User


@dataclass(frozen=True)
class Late:
    """One thing that waits too long. `senders` wait for the answer; there may be none."""

    key: str
    title: str
    turn: Turn
    senders: Iterable[User]
    municipality: Municipality | None = None
    organisation: Organisation | None = None
    # Coordinators have had it from the beginning; then administrators are the ones to ask.
    began_at_coordinators: bool = False
    # Tells one waiting from another where a thing has been sent in more than once.
    round: str = ""


def escalate_late() -> int:
    """Pass on all that is late, each thing by itself. Returns how much was passed on."""
    late = late_since()
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, started_at__lte=late)
    pending = Organisation.objects.to_review().with_waiting_since()
    pending = pending.filter(waiting_since__lte=late)
    notes = Note.objects.unhandled().filter(created_at__lte=late)
    joining = Membership.objects.filter(
        status=Membership.Status.PENDING,
        created_at__lte=timezone.now() - MEMBER_WAITS,
        organisation__merged_into=None,
    )
    parts: list[tuple[QuerySet, Any]] = [
        (states, escalate_review),
        (pending, escalate_organisation),
        (notes, escalate_problem),
        (joining, escalate_member),
    ]
    return sum(for_each_row(rows.order_by("pk"), function) for rows, function in parts)


def escalate_review(pk: int) -> bool:
    state = TaskState.objects.select_related("workflow_state").get(pk=pk)
    thing = state.workflow_state.content_object
    if isinstance(thing, Reviewed):
        sender = thing.sent_by
        late = Late(
            key=f"{kind_of(thing)}-{pk}",
            title=str(thing.get_latest_revision_as_object()),
            turn=turn_of(state.started_at),
            senders=thing.senders,
            municipality=sender and sender.municipality,
            organisation=sender,
        )
    elif isinstance(thing, Page):
        author = state.workflow_state.requested_by
        late = Late(
            key=f"page-{pk}",
            title=thing.title,
            turn=turn_of(state.started_at),
            senders=[author] if author else [],
        )
    else:
        return False
    return pass_on(late)


def kind_of(thing: Reviewed) -> str:
    """What the queue calls things of its kind."""
    return next(kind.name for kind in exchanged() if kind.model is type(thing))


def escalate_organisation(pk: int) -> bool:
    organisation = Organisation.objects.select_related("municipality").get(pk=pk)
    return pass_on(
        Late(
            key=f"organisation-{pk}",
            title=organisation.name,
            turn=turn_of(organisation.came_at),
            senders=members(organisation),
            municipality=organisation.municipality,
            organisation=organisation,
            began_at_coordinators=True,
            round=f"{organisation.came_at:%Y%m%d%H%M%S}" if organisation.resubmitted_at else "",
        )
    )


def escalate_problem(pk: int) -> bool:
    note = Note.objects.select_related("organisation__municipality", "author").get(pk=pk)
    return pass_on(
        Late(
            key=f"problem-{pk}",
            title=note.reservation.listing.title,
            turn=turn_of(note.created_at),
            senders=[note.author] if note.author else [],
            municipality=note.organisation.municipality,
            organisation=note.organisation,
            began_at_coordinators=True,
        )
    )


def escalate_member(pk: int) -> bool:
    """Colleagues have not answered: the coordinators do now, and the one who waits knows."""
    membership = Membership.objects.select_related("organisation__municipality", "user").get(pk=pk)
    organisation = membership.organisation
    late = Late(
        key=f"member-{pk}",
        title=organisation.name,
        turn=Turn.COORDINATOR,
        senders=[membership.user],
        municipality=organisation.municipality,
        organisation=organisation,
    )
    return tell(late, approvers(organisation))


def pass_on(late: Late) -> bool:
    """Tell whose turn it is, and those who wait."""
    if late.turn == Turn.NEXT:
        return tell(late, next_person(late))
    return tell(late, upwards(late))


def next_person(late: Late) -> list[User]:
    """One editor by name: not always the same, and always the same for one thing."""
    editors = list(people_with(Role.EDITOR).order_by("pk")) or list(
        people_with(Role.ADMINISTRATOR).order_by("pk")
    )
    number = int(late.key.rpartition("-")[2])
    return [editors[number % len(editors)]] if editors else []


def upwards(late: Late) -> QuerySet[User]:
    """The coordinators of where it comes from; administrators where that was no help."""
    if late.municipality and not late.began_at_coordinators:
        coordinators = coordinators_of(late.municipality)
        if coordinators.exists():
            return coordinators
    return people_with(Role.ADMINISTRATOR)


def tell(late: Late, deciders: Iterable[User]) -> bool:
    """Tell `deciders` that it is their turn, and those who wait where it stands; once each."""
    key = ":".join(filter(None, ("late", late.key, late.round, str(late.turn.value))))
    if Notification.objects.filter(key=key).exists():
        return False
    context = {
        "opened": late.key,
        "title": late.title,
        "turn": late.turn.value,
        "where": late.municipality.name if late.municipality else "",
    }
    kind = "late_for_next" if late.turn == Turn.NEXT else "late_for_coordinator"
    notify(users=deciders, type=kind, key=key, organisation=late.organisation, **context)
    notify(
        users=late.senders,
        type="answer_is_late",
        key=f"{key}:sender",
        organisation=late.organisation,
        **context,
    )
    return True


def report_late() -> int:
    """Tell the steering group, once a week and where there is any, how much waits too long."""
    today = timezone.localdate()
    late, coordinators = how_much(late_since()), how_much(came_to_coordinators())
    if not late:
        return 0
    year, week, _day = today.isocalendar()
    key = f"late:{year}-{week}"
    group = people_with(Role.STEERING_GROUP)
    if Notification.objects.filter(key=key).exists() or not group.exists():
        return 0
    notify(users=group, type="late_in_numbers", key=key, count=late, late=coordinators)
    return 1


def how_much(before: Any) -> int:
    """How many things were sent in before that moment and still wait."""
    reviews = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    counted = [
        reviews.filter(started_at__lte=before),
        Organisation.objects.to_review().with_waiting_since().filter(waiting_since__lte=before),
        Note.objects.unhandled().filter(created_at__lte=before),
    ]
    return sum(rows.count() for rows in counted)
