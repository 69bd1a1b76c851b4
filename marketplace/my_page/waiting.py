"""What somebody waits for: whose yes, and since when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState

from marketplace.exchange.joint_requests.presentation import one_for_each
from marketplace.exchange.reservations.models import Reservation
from marketplace.listings.models import MaterialListing
from marketplace.listings.states import with_reviews
from marketplace.organisations.membership.services import administrators
from marketplace.organisations.models import Membership, Organisation
from marketplace.review.late import MEMBER_WAITS, Turn, turn_of
from marketplace.roles.permissions import coordinators_of
from marketplace.wanted.models import WantedAd
from marketplace.wanted.states import own_wanted_ads
from portal.foundation.text_types import StrOrPromise
from portal.foundation.users.models import User


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the yes of `who` (a name, or a role) since a moment."""

    what: StrOrPromise
    who: StrOrPromise
    since: datetime
    url: str = ""
    # Said where the answer is late: who has been asked besides.
    late: StrOrPromise = ""


def waiting_of(user: User, organisation: Organisation | None) -> list[Waiting]:
    """All that `user`, and the organisation that they act for, wait for; the oldest first."""
    found = [*of_person(user), *of_questions(user)]
    if organisation:
        found += [*of_organisation(organisation), *of_reviews(organisation)]
        found += of_reservations(organisation)
    return sorted(found, key=lambda each: each.since)


def deciders(organisation: Organisation) -> StrOrPromise:
    """Who lets somebody into `organisation`: its administrators, or those who approve it."""
    people: list[StrOrPromise] = [
        str(person) for person in administrators(organisation).order_by("pk")
    ]
    return get_text_list(people, _("or")) if people else approver(organisation)


def approver(organisation: Organisation) -> StrOrPromise:
    """Who approves `organisation`."""
    if coordinators_of(organisation.municipality).exists():
        return _("the coordinator in %(municipality)s") % {
            "municipality": organisation.municipality.name
        }
    return _("the editors of the portal")


def late_word(turn: Turn, organisation: Organisation, *, to_editors: bool) -> StrOrPromise:
    """Who has been asked besides, where it is late; `to_editors` says who had it first."""
    if turn == Turn.FIRST:
        return ""
    if turn == Turn.NEXT:
        return _("It is late. One more editor has been asked.")
    if to_editors and coordinators_of(organisation.municipality).exists():
        return _("It is late. The coordinator in %(municipality)s has it now.") % {
            "municipality": organisation.municipality.name
        }
    return _("It is late. The portal's administrators have it now.")


def of_person(user: User) -> Iterator[Waiting]:
    asked = Membership.objects.filter(user=user, status=Membership.Status.PENDING)
    for membership in asked.select_related("organisation__municipality"):
        organisation = membership.organisation
        late = membership.created_at <= timezone.now() - MEMBER_WAITS
        yield Waiting(
            _("To act for %(name)s") % {"name": organisation.full_name},
            deciders(organisation),
            membership.created_at,
            late=_("It is late. It has also gone to %(who)s.") % {"who": approver(organisation)}
            if late
            else "",
        )


def of_questions(user: User) -> Iterator[Waiting]:
    """What `user` has asked about listings and nobody has answered."""
    for question in user.listing_questions.unanswered().with_listings():
        yield Waiting(
            _("The answer to your question about “%(title)s”") % {"title": question.listing.title},
            question.listing.organisation.name,
            question.created_at,
            reverse("marketplace:listing_question", args=[question.pk]),
        )


def of_organisation(organisation: Organisation) -> Iterator[Waiting]:
    pending = organisation.approval == Organisation.Approval.PENDING
    if pending and not organisation.is_asked_for_changes:
        yield Waiting(
            _("That %(name)s is approved") % {"name": organisation.name},
            approver(organisation),
            organisation.came_at,
            reverse("marketplace:organisation"),
            late_word(turn_of(organisation.came_at), organisation, to_editors=False),
        )


def of_reviews(organisation: Organisation) -> Iterator[Waiting]:
    listings = with_reviews(MaterialListing.objects.of_organisation(organisation))
    listings = listings.filter(pk__in=in_review(MaterialListing))
    ads = [own.thing for own in own_wanted_ads(organisation)]
    for row in [*listings, *ads]:
        review = row.current_workflow_state
        if review is None or review.status != WorkflowState.STATUS_IN_PROGRESS:
            continue
        draft = row.latest_revision
        since = review.current_task_state.started_at
        edit = "wanted_edit" if isinstance(row, WantedAd) else "offer_edit"
        yield Waiting(
            _("That “%(title)s” is published")
            % {"title": draft.content["title"] if draft else row.title},
            _("the editors of the portal"),
            since,
            reverse(f"marketplace:{edit}", args=[row.pk]),
            late_word(turn_of(since), organisation, to_editors=True),
        )


def in_review(model: type[MaterialListing]) -> list[int]:
    """The keys of the rows of `model` that are being reviewed."""
    states = WorkflowState.objects.active().filter(
        base_content_type__app_label=model._meta.app_label,
        base_content_type__model=model._meta.model_name,
    )
    return [int(key) for key in states.values_list("object_id", flat=True)]


def of_reservations(organisation: Organisation) -> list[Waiting]:
    asks = Q(organisation=organisation)
    gives = Q(listing__organisation=organisation)
    proposed = Q(state=Reservation.State.ACCEPTED, pickup_agreed_at=None, pickup_at__isnull=False)
    rows = Reservation.objects.with_parties().filter(
        asks & Q(state=Reservation.State.REQUESTED)
        | asks & proposed & Q(pickup_proposed_by_giver=False)
        | gives & proposed & Q(pickup_proposed_by_giver=True)
    )
    return [
        Waiting(
            _("The answer about “%(title)s”") % {"title": row.title},
            row.giver.name if row.organisation_id == organisation.pk else row.organisation.name,
            row.created_at,
            row.get_absolute_url(),
        )
        for row in one_for_each(rows)
    ]
