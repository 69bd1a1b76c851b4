"""Listings, wanted ads, pupils' ideas and pages: what goes through a review of Wagtail's."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import TaskState

from marketplace.desk.queue.items import KINDS, Answer, Item, QueueKind, Waiting, register
from marketplace.ideas.models import Idea
from marketplace.listings.models import MaterialListing
from marketplace.materials.units import format_quantity
from marketplace.review import services
from marketplace.review.errors import AlreadyDecided, ChangedMeanwhile
from marketplace.review.late import came_to_coordinators
from marketplace.review.models import Reviewed
from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinated_by, has_role
from marketplace.safety.answers import Answers
from marketplace.safety.models import NOT_SETTLED
from marketplace.safety.presentation import answers_in_words
from marketplace.safety.rules import in_a_line, must_be_settled
from marketplace.wanted.models import WantedAd
from portal.foundation.users.models import User

REMEMBERED = "_reviewable_states"

FACES = gettext_lazy("A face or a name can be seen in a picture. Please take another one.")
BLURRED = gettext_lazy("The picture does not show what the thing is. Please take another one.")
UNCLEAR = gettext_lazy("Please say more precisely what it is and how much there is.")
UNSAFE = gettext_lazy("Please add a safety note: what should those who use it look out for?")
CONTACT = gettext_lazy("Please take out telephone numbers and addresses from the text.")
OFF_TOPIC = gettext_lazy("This is outside what the portal is for.")


def reviewable(user: User) -> dict[int, list[tuple[int, datetime, str]]]:
    """What may be decided by `user`: {content type: [(key of the task state, since, object)]}.

    Remembered on the user object, so for one request: each kind asks for its part.
    """
    if not hasattr(user, REMEMBERED):
        found: dict[int, list[tuple[int, datetime, str]]] = {}
        states = TaskState.objects.reviewable_by(user).filter(
            status=TaskState.STATUS_IN_PROGRESS
        ) | late_for(user)
        rows = states.distinct().values_list(
            "workflow_state__base_content_type", "pk", "started_at", "workflow_state__object_id"
        )
        for content_type, pk, since, object_id in rows:
            found.setdefault(content_type, []).append((pk, since, object_id))
        setattr(user, REMEMBERED, found)
    return getattr(user, REMEMBERED)


def late_for(user: User) -> QuerySet[TaskState]:
    """What has waited so long that it has come to the coordinators, of whom `user` is one."""
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    if has_role(user, Role.EDITOR) or not has_role(user, Role.COORDINATOR):
        return states.none()
    return states.filter(
        started_at__lte=came_to_coordinators(),
        workflow_state__base_content_type__in=[
            ContentType.objects.get_for_model(kind.model) for kind in exchanged()
        ],
    )


def exchanged() -> list["ReviewedKind"]:
    """The kinds of what organisations send in: all that is reviewed but pages."""
    kinds = (kind for kind in KINDS.values() if isinstance(kind, ReviewedKind))
    return [kind for kind in kinds if issubclass(kind.model, Reviewed)]


SAFETY = {*MaterialListing.SAFETY_FIELDS, "preschool_ruling"}


class ReviewedKind(QueueKind):
    model: type[Model]
    # From the thing to the organisation that sent it, in Django's words for a query.
    sender: str

    def may(self, user):
        return has_role(user, Role.EDITOR, Role.COORDINATOR)

    def waiting(self, user):
        content_type = ContentType.objects.get_for_model(self.model)
        rows = reviewable(user).get(content_type.pk, [])
        places = self.places([object_id for _pk, _since, object_id in rows])
        own = None
        if not has_role(user, Role.EDITOR):
            own = set(coordinated_by(user).values_list("pk", flat=True))
        for pk, since, object_id in rows:
            place = places.get(object_id)
            if own is None or place in own:
                yield Waiting(since=since, kind=self.name, pk=pk, place=place, object_id=object_id)

    def places(self, object_ids: list[str]) -> dict[str, int]:
        """{key of the thing: key of its municipality}"""
        if not object_ids:
            return {}
        rows = self.model._default_manager.filter(pk__in=object_ids)
        pairs = rows.values_list("pk", f"{self.sender}__municipality")
        return {str(pk): place for pk, place in pairs}

    def things(self, object_ids: Iterable[str]) -> dict[str, Any]:
        rows = self.model._default_manager.filter(pk__in=object_ids)
        rows = rows.select_related("latest_revision", f"{self.sender}__municipality")
        return {str(thing.pk): thing for thing in rows}

    def read(self, rows):
        things = self.things([row.object_id for row in rows])
        return {
            row.pk: self.item(row.pk, things[row.object_id])
            for row in rows
            if row.object_id in things
        }

    def item(self, pk: int, thing: Any) -> Item:
        written = thing.latest_revision.content if thing.latest_revision else {}
        organisation = thing.sent_by
        photos = [photo["image"] for photo in written.get("photos", [])]
        return Item(
            pk=pk,
            title=written.get("title") or str(thing),
            about=thing,
            what=self.what(thing),
            who=organisation.name,
            where=organisation.municipality.name,
            url=self.url(thing),
            picture=photos[0] if photos else None,
            pictures=photos,
            remarks=self.remarks(written),
            seen=str(thing.latest_revision_id or ""),
        )

    def what(self, thing: Any) -> str:
        return _("A new version of what is online") if thing.live else ""

    def url(self, thing: Any) -> str:
        return reverse(thing.snippet_viewset.get_url_name("edit"), args=[thing.pk])

    def remarks(self, written: dict[str, Any]) -> list[Any]:
        return []

    def details(self, item, user):
        thing = item.about.get_latest_revision_as_object()
        item.text, item.facts = self.text(thing), [row for row in self.facts(thing) if row[1]]
        return item

    def text(self, thing: Any) -> str:
        return thing.description

    def facts(self, thing: Any) -> list[tuple[Any, Any]]:
        return []

    def gone(self, pk, user):
        decided = TaskState.objects.exclude(status=TaskState.STATUS_IN_PROGRESS).filter(pk=pk)
        if has_role(user, Role.EDITOR) and (state := decided.first()):
            return AlreadyDecided(state)
        return super().gone(pk, user)

    @transaction.atomic
    def decide(self, *, pk, answer, words, by, seen=""):
        state = services.lock_waiting(pk)
        thing = state.workflow_state.content_object
        if seen and str(thing.latest_revision_id or "") != seen:
            raise ChangedMeanwhile
        carry_out = {
            Answer.APPROVE: services.approve,
            Answer.CHANGES: services.ask_for_changes,
            Answer.REFUSE: services.refuse,
        }[answer]
        carry_out(task_state=state, by=by, words=words)


@register
class Listings(ReviewedKind):
    name, icon = "listing", "image"
    label, one = gettext_lazy("Listings"), gettext_lazy("Listing")
    model, sender = MaterialListing, "organisation"
    prepared = [FACES, BLURRED, UNCLEAR, UNSAFE, CONTACT, OFF_TOPIC]

    def remarks(self, written):
        answers = Answers.of(
            MaterialListing(**{name: written[name] for name in SAFETY & {*written}})
        )
        line = in_a_line(answers)
        found: list[Any] = [f"{line.words}. {line.reason}"]
        if must_be_settled(answers):
            found.append(NOT_SETTLED)
        return [*found, written["safety_note"]] if written.get("safety_note") else found

    def facts(self, thing):
        stock = getattr(thing, "stock", None)
        return [
            (_("Category"), thing.category.localized.name),
            (_("Quantity"), stock and format_quantity(stock.offered, stock.unit)),
            (_("Condition"), thing.get_condition_display()),
            *answers_in_words(thing.answers),
            (_("Colours"), thing.colours),
            (_("Dimensions"), thing.dimensions),
            (_("Until"), thing.available_until),
            (_("Pickup address"), f"{thing.pickup_address}, {thing.pickup_town}".strip(", ")),
        ]


@register
class WantedAds(ReviewedKind):
    name, icon = "wanted", "search"
    label, one = gettext_lazy("Wanted ads"), gettext_lazy("Wanted ad")
    model, sender = WantedAd, "organisation"
    prepared = [UNCLEAR, CONTACT, OFF_TOPIC]

    def facts(self, thing):
        return [
            (_("Category"), thing.category.localized.name),
            (_("Quantity"), thing.amount),
            (_("Until"), thing.wanted_until),
        ]


@register
class Ideas(ReviewedKind):
    name, icon = "idea", "edit"
    label, one = gettext_lazy("Pupils' ideas"), gettext_lazy("Pupils' idea")
    model, sender = Idea, "handover__receiver"
    prepared = [FACES, BLURRED, CONTACT, OFF_TOPIC]

    def text(self, thing):
        return thing.text

    def facts(self, thing):
        return [
            (_("Kind"), thing.get_type_display()),
            (_("Age group"), thing.get_age_group_display()),
            (_("Signed"), thing.signed),
            (_("Material"), thing.handover.listing.title),
            (_("Company"), thing.handover.giver.name),
        ]
