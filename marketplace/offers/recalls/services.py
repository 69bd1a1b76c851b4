"""Recall material: everybody who has some is told, and nobody gets more of it."""

from django.db import IntegrityError, transaction

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import close
from marketplace.exchange.stock.services import lock_stock
from marketplace.listings.models import MaterialListing
from marketplace.notifications.services import notify
from marketplace.offers.recalls.models import Recall
from marketplace.offers.services import withdraw_listing
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from marketplace.review.errors import WrongState
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User


def receivers_of(listing: MaterialListing) -> list[Organisation]:
    """Who has received some of `listing` by the ledger as it stands, as they are today."""
    rows = Handover.objects.filter(listing=listing).standing().select_related("receiver")
    return list(Organisation.objects.filter(pk__in={row.receiver.current_pk for row in rows}))


@transaction.atomic
def recall_listing(*, listing: MaterialListing, by: User, reason: str) -> Recall:
    """Tell all who have received some of `listing` to stop using it, and end the listing for good.

    What is promised but not collected is cancelled. Raises `WrongState` if it is recalled already.
    """
    stock = lock_stock(listing.pk)
    receivers = receivers_of(listing)
    try:
        with transaction.atomic():
            recall = Recall.objects.create(
                listing=listing, reason=reason, recalled_by=by, receivers=len(receivers)
            )
    except IntegrityError as error:
        raise WrongState from error
    record(EventType.RECALLED, actor=by, organisation=listing.organisation, target=listing)
    withdraw_listing(listing=listing, by=by)
    promised = listing.reservations.accepted().with_parties()
    for reservation in promised.select_for_update(of=("self",)):
        stock.refresh_from_db()
        stock.reserved -= reservation.accepted_quantity or 0
        stock.save(update_fields=["reserved"])
        close(
            reservation,
            Reservation.State.CANCELLED,
            note=reason,
            by=listing.organisation.name,
            by_giver=True,
            type="reservation_cancelled",
            users=members(reservation.organisation, but=by),
        )
    notify(
        users=members(*receivers) if receivers else [],
        type="recall",
        key=f"recall:{recall.pk}",
        listing=listing,
        reason=reason,
        giver=listing.organisation.name,
    )
    return recall
