"""Sends a kit: all its requests and wanted ads, or none of them."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspiration.lessons.kits.models import LessonKit
from inspiration.lessons.kits.proposals import Line, Proposal, Row
from inspiration.lessons.kits.stocktake import asked_for
from marketplace.exchange.errors import NotEnoughLeft
from marketplace.exchange.joint_requests.services import create_requests
from marketplace.exchange.pickups.models import Pickup
from marketplace.exchange.reservations.services import cancel_reservation
from marketplace.exchange.stock.services import lock_stocks
from marketplace.organisations.models import Organisation
from marketplace.wanted.models import WantedAd
from marketplace.wanted.services import close_wanted_ad, submit_wanted_ad
from portal.foundation.users.models import User

# Nobody is sent on the way at an hour's notice.
NOTICE = timedelta(hours=20)


def pickup_before(giver: Organisation, monday: date) -> Pickup | None:
    """The first time that `giver` offers, with some notice, before the week that begins then."""
    earliest = timezone.now() + NOTICE
    return next(
        (
            pickup
            for pickup in giver.pickup_times.coming()
            if pickup.starts_at >= earliest and timezone.localdate(pickup.starts_at) < monday
        ),
        None,
    )


@transaction.atomic
def send_kit(
    *,
    proposal: Proposal,
    monday: date,
    organisation: Organisation,
    by: User,
    safety_confirmed: bool = False,
    wanted: bool = False,
) -> LessonKit:
    """Ask for all of `proposal`, one pickup per giver, and look for what is missing.

    Raises an `ExchangeError`, and nothing has been sent, where something is gone meanwhile: also
    where others have asked for it, so that two kits never wait for the same box.
    """
    ensure_free(proposal.lines)
    kit = LessonKit.objects.create(
        lesson=proposal.lesson,
        organisation=organisation,
        created_by=by,
        children=proposal.group.children,
        groups=proposal.group.groups,
        monday=monday,
    )
    for stop in proposal.stops:
        pickup = pickup_before(stop[0].listing.organisation, monday)
        made = create_requests(
            parts={line.listing: line.quantity for line in stop},
            organisation=organisation,
            by=by,
            purpose=purpose(kit),
            pickup_at=pickup and pickup.starts_at,
            pickup_until=pickup and pickup.ends_at,
            needed_by=monday,
            safety_confirmed=safety_confirmed,
        )
        kit.reservations.add(*made)
    if wanted:
        for row in proposal.wanted:
            kit.wanted_ads.add(look_for(row, kit, by))
    return kit


def ensure_free(lines: Iterable[Line]) -> None:
    """Lock what is asked for, in order, and raise where others have been promised it or ask too."""
    lines = list(lines)
    stocks = lock_stocks(line.listing.pk for line in lines)
    left = {stock.listing_id: stock.left for stock in stocks}
    waiting = asked_for([line.listing for line in lines])
    for line in lines:
        free = left[line.listing.pk] - waiting.get(line.listing.pk, Decimal(0))
        if line.quantity > free:
            raise NotEnoughLeft


def purpose(kit: LessonKit) -> str:
    """What the giver reads."""
    return _("“%(idea)s” with %(children)d children, week %(week)d") % {
        "idea": kit.lesson.title,
        "children": kit.children,
        "week": kit.week,
    }


def look_for(row: Row, kit: LessonKit, by: User) -> WantedAd:
    """A wanted ad for what is missing of a material; the one there is, where it was sent before."""
    title = f"{row.material.name}: {row.missing}"[:120]
    known = WantedAd.objects.filter(organisation=kit.organisation, title=title).first()
    if known and (known.is_open or known.current_workflow_state):
        return known
    ad = WantedAd(
        organisation=kit.organisation,
        title=title,
        description=purpose(kit),
        category=row.category,
        quantity=row.missing_quantity,
        unit=row.material.unit,
        wanted_until=kit.monday,
    )
    return submit_wanted_ad(wanted_ad=ad, by=by)


@transaction.atomic
def cancel_kit(*, kit: LessonKit, by: User) -> LessonKit:
    """Call off all that has not been collected, and take down the wanted ads of no other kit."""
    for reservation in kit.reservations.open().order_by("listing_id"):
        cancel_reservation(reservation=reservation, by=by)
    for ad in kit.wanted_ads.all():
        if ad.kits.count() > 1:
            kit.wanted_ads.remove(ad)
        else:
            close_wanted_ad(wanted_ad=ad, by=by)
    return kit
