"""Making one of two organisations that turned out to be the same."""

from django.db import transaction

from marketplace import errors
from marketplace.models import (
    Collaboration,
    ListingImport,
    Membership,
    Organisation,
    PickupTime,
    Registration,
    Reservation,
    WantedAnswer,
)
from marketplace.signals import organisations_merged

from .stock import announce


@transaction.atomic
def merge_organisations(*, organisation, into):
    """Let `organisation` be `into` from now on. The ledger keeps both names and counts them as one.

    People, listings, reservations, wanted ads and recorded collaborations move, and other apps are
    told so that theirs do. Pupils' ideas stay with their handover and are found through
    `merged_into`. Raises `CannotMerge` for a giver and a
    receiver, for one that has been merged before, where both have asked for the same material, and
    where `organisation` stands in a line.
    """
    rows = {
        each.pk: each
        for each in Organisation.objects.select_for_update()
        .filter(pk__in=[organisation.pk, into.pk])
        .order_by("pk")
    }
    organisation, into = rows[organisation.pk], rows[into.pk]
    same_side = organisation.is_company == into.is_company
    if organisation == into or not same_side or organisation.merged_into_id or into.merged_into_id:
        raise errors.CannotMerge
    asked = Reservation.objects.open().made_by(into).values("listing")
    if Reservation.objects.open().made_by(organisation).filter(listing__in=asked).exists():
        raise errors.CannotMerge
    if organisation.waiting_places.open().exists():
        raise errors.CannotMerge
    here = set(into.memberships.values_list("user", flat=True))
    for membership in organisation.memberships.all():
        if membership.user_id in here:
            membership.delete()
        else:
            Membership.objects.filter(pk=membership.pk).update(organisation=into)
    listings = list(organisation.listings.values_list("pk", flat=True))
    organisation.listings.update(organisation=into)
    organisation.reservations.update(organisation=into)
    organisation.wanted_ads.update(organisation=into)
    organisation.invitations.update(organisation=into)
    for model in (Registration, ListingImport, PickupTime, WantedAnswer):
        model.objects.filter(organisation=organisation).update(organisation=into)
    Collaboration.objects.filter(company=organisation).update(company=into)
    Collaboration.objects.filter(partner=organisation).update(partner=into)
    # One step is enough for whoever looks up who somebody is now.
    organisation.merged_from.update(merged_into=into)
    organisation.merged_into = into
    organisation.approval = Organisation.Approval.REJECTED
    organisation.save(update_fields=["merged_into", "approval"])
    organisations_merged.send(sender=Organisation, organisation=organisation, into=into)
    for pk in listings:
        announce(pk)
    return into
