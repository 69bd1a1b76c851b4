"""Making one of two organisations that turned out to be the same."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import ForeignObjectRel, Model
from django.utils.translation import gettext as _

from marketplace.organisations.errors import CannotMerge
from marketplace.organisations.models import Membership, Organisation
from marketplace.signals import send_listing_changed
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User

Decision = Callable[[type, str, Organisation, Organisation], None]


def move(model: type[Model], field: Any, organisation: Organisation, into: Organisation) -> None:
    """The rows belong to `into` from now on."""
    model._base_manager.filter(**{field: organisation}).update(**{field: into})


def drop(model: type[Model], field: Any, organisation: Organisation, into: Organisation) -> None:
    """What was asked for on behalf of one that is no more."""
    model._base_manager.filter(**{field: organisation}).delete()


def stay(model: type[Model], field: Any, organisation: Organisation, into: Organisation) -> None:
    """The rows keep the name of their day, and are found through `merged_into`."""


def move_where_free(*keys: str) -> Decision:
    """Move what `into` has no row of the same `keys` for; the other rows stay, so none is lost."""

    def decide(
        model: type[Model], field: Any, organisation: Organisation, into: Organisation
    ) -> None:
        taken = set(model._base_manager.filter(**{field: into}).values_list(*keys))
        for row in model._base_manager.filter(**{field: organisation}):
            if tuple(row.serializable_value(key) for key in keys) not in taken:
                model._base_manager.filter(pk=row.pk).update(**{field: into})

    return decide


def join_memberships(
    model: type[Model], field: Any, organisation: Organisation, into: Organisation
) -> None:
    """One place for each person: the stronger of the two."""
    here = {each.user_id: each for each in into.memberships.all()}
    for membership in organisation.memberships.all():
        other = here.get(membership.user_id)
        if other is None:
            Membership.objects.filter(pk=membership.pk).update(organisation=into)
            continue
        if membership.status == Membership.Status.ACTIVE:
            if other.status != Membership.Status.ACTIVE:
                other.role, other.status = membership.role, membership.status
            elif membership.role == Membership.Role.ADMINISTRATOR:
                other.role = membership.role
            other.save(update_fields=["role", "status"])
        membership.delete()


# What becomes of each foreign key to an organisation. One that is missing here stops every merge.
DECISIONS: dict[str, Decision] = {
    "marketplace.Booking.organisation": move_where_free("occasion"),
    "marketplace.Carrier.organisation": move,
    "marketplace.Clearing.organisation": move,
    "marketplace.Collaboration.company": move,
    "marketplace.Collaboration.partner": move,
    "marketplace.ColumnChoice.organisation": move_where_free("subject", "heading"),
    "marketplace.GiverQuestion.organisation": move_where_free("wanted_ad"),
    "marketplace.Handover.giver": stay,
    "marketplace.Handover.receiver": stay,
    "marketplace.Hub.organisation": move,
    "marketplace.HubCard.organisation": move,
    "marketplace.IdeaMessage.organisation": move,
    "marketplace.IdentityChange.organisation": drop,
    "marketplace.Invitation.organisation": move,
    "marketplace.ListingImport.organisation": move,
    "marketplace.MaterialListing.organisation": move,
    "marketplace.Membership.organisation": join_memberships,
    # As in the ledger: where it came from on its day, and who took it.
    "marketplace.Movement.origin": stay,
    "marketplace.NeverAsked.organisation": move_where_free("category"),
    "marketplace.Note.organisation": move,
    "marketplace.Notification.organisation": move,
    # Point straight at the survivor, so that a lookup takes one step.
    "marketplace.Organisation.merged_into": move,
    "marketplace.PickupTime.organisation": move,
    "marketplace.Place.organisation": move,
    "marketplace.PurchaseCorrection.organisation": move,
    "marketplace.PurchaseImport.organisation": move,
    "marketplace.PurchaseReport.organisation": move_where_free("year", "term", "category"),
    "marketplace.Rating.organisation": move,
    "marketplace.Registration.organisation": move,
    "marketplace.Reservation.organisation": move,
    "marketplace.ReservationMessage.organisation": move,
    "marketplace.Scan.organisation": stay,
    "marketplace.TakeItNow.organisation": drop,
    "marketplace.WaitingPlace.organisation": move,
    "marketplace.WantedAd.organisation": move,
    "marketplace.WantedAnswer.organisation": move,
}


def register_merge(label: str, decision: Decision) -> None:
    """Say what becomes of the foreign key `label`, such as `inspiration.CaseStoryPage.school`."""
    DECISIONS[label] = decision


def relations() -> Iterator[tuple[str, type[Model], str]]:
    """Every foreign key to an organisation, as (label, model, name of the field)."""
    for relation in Organisation._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            model, name = relation.related_model, relation.field.name
            if not model._meta.auto_created:
                yield f"{model._meta.label}.{name}", model, name


def obstacle(organisation: Organisation, into: Organisation) -> str:
    """Why these two cannot be merged, in a sentence; "" when they can."""
    if organisation == into:
        return _("Choose another organisation to merge with.")
    if organisation.is_company != into.is_company:
        return _("One of them is a company and the other belongs to a municipality.")
    if organisation.merged_into_id or into.merged_into_id:
        return _("One of them has been merged before.")
    asked = into.reservations.open().values("listing")
    if organisation.reservations.open().filter(listing__in=asked).exists():
        return _("Both have asked for the same material. Cancel one of the requests first.")
    if any(
        asker.reservations.open().filter(listing__organisation=giver).exists()
        for asker, giver in ((organisation, into), (into, organisation))
    ):
        return _("One of them has asked the other for material. Cancel the request first.")
    if organisation.waiting_places.open().exists():
        return _("%(name)s is on a waiting list for material. Take it off the list first.") % {
            "name": organisation
        }
    return ""


def merge_effects(organisation: Organisation) -> list[tuple[str, int]]:
    """What moves when `organisation` is merged: [(kind of row, how many)]."""
    found = []
    for label, model, field in relations():
        count = model._base_manager.filter(**{field: organisation}).count()
        if count and DECISIONS[label] is not stay:
            found.append((str(model._meta.verbose_name_plural), count))
    return found


@transaction.atomic
def merge_organisations(
    *, organisation: Organisation, into: Organisation, by: User | None = None
) -> Organisation:
    """Let `organisation` be `into` from now on. The ledger keeps both names and counts them as one.

    Every foreign key to an organisation has its decision in `DECISIONS`. Raises `CannotMerge` with
    the reason, see `obstacle`.
    """
    rows = {
        each.pk: each
        for each in Organisation.objects.select_for_update()
        .filter(pk__in=[organisation.pk, into.pk])
        .order_by("pk")
    }
    organisation, into = rows[organisation.pk], rows[into.pk]
    if reason := obstacle(organisation, into):
        raise CannotMerge(reason)
    listings = list(organisation.listings.values_list("pk", flat=True))
    for label, model, field in relations():
        DECISIONS[label](model, field, organisation, into)
    organisation.merged_into = into
    organisation.approval = Organisation.Approval.REJECTED
    organisation.save(update_fields=["merged_into", "approval"])
    record(EventType.MERGED, actor=by, target=organisation, into=into.pk)
    for pk in listings:
        send_listing_changed(pk)
    return into
