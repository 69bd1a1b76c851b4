"""What happens to reservations when time passes."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import close, lock_for_update
from marketplace.exchange.reservations.telling import all_members, notify_about
from marketplace.exchange.reservations.ways import way_of
from marketplace.organisations.membership.recipients import members
from portal.foundation.jobs.rows import for_each_row

REMIND_AFTER = timedelta(days=7)
EXPIRE_AFTER = timedelta(days=14)
REMIND_FROM_HOUR = 8
ASK_UNCOLLECTED_AFTER = timedelta(days=14)


def remind_unanswered(now=None):
    """Remind givers, once, of requests without an answer for seven days. Returns how many."""
    now = now or timezone.now()
    waiting = Reservation.objects.requested().filter(
        created_at__lte=now - REMIND_AFTER, reminded_at=None
    )
    return for_each_row(waiting, partial(_remind, now=now))


@transaction.atomic
def _remind(pk, now):
    _stock, reservation = lock_for_update(Reservation.objects.get(pk=pk))
    if reservation.state != Reservation.State.REQUESTED or reservation.reminded_at:
        return False
    reservation.reminded_at = now
    reservation.save(update_fields=["reminded_at"])
    notify_about(reservation, "reservation_reminder", members(reservation.giver), as_one=True)
    return True


def expire_reservations(now=None):
    """Close requests that nobody has answered for fourteen days. Returns how many."""
    now = now or timezone.now()
    waiting = Reservation.objects.unanswered_since(now - EXPIRE_AFTER)
    return for_each_row(waiting, _expire)


@transaction.atomic
def _expire(pk):
    _stock, reservation = lock_for_update(Reservation.objects.get(pk=pk))
    if reservation.state != Reservation.State.REQUESTED:
        return False
    close(
        reservation,
        Reservation.State.EXPIRED,
        type="reservation_expired",
        users=all_members(reservation),
        as_one=True,
    )
    return True


def remind_of_pickups(now=None):
    """Remind both sides, from eight the morning before, of a pickup. Returns how many pickups."""
    now = now or timezone.now()
    if timezone.localtime(now).hour < REMIND_FROM_HOUR:
        return 0
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    pickups = (
        Reservation.objects.accepted()
        .filter(pickup_agreed_at__isnull=False, pickup_at__date=tomorrow)
        .exclude(pickup_reminded_for=F("pickup_at"))
        .with_parties()
    )
    # Who has it brought has been told the day and the hour.
    met = [each for each in pickups if way_of(each.way).they_meet]
    return for_each_row(met, _remind_of_pickup)


def _remind_of_pickup(reservation):
    not_reminded = Reservation.objects.filter(pk=reservation.pk).exclude(
        pickup_reminded_for=reservation.pickup_at
    )
    if not not_reminded.update(pickup_reminded_for=reservation.pickup_at):
        return False
    notify_about(
        reservation,
        "pickup_tomorrow",
        all_members(reservation),
        key=f"{reservation.pickup_at:%Y%m%d%H%M}",
        as_one=True,
    )
    return True


def ask_about_uncollected(now=None):
    """Ask both sides, once per agreed time, about what was not collected in fourteen days.

    Where no time was agreed, the days count from the acceptance. Returns how many were asked about.
    """
    now = now or timezone.now()
    limit = now - ASK_UNCOLLECTED_AFTER
    late = Reservation.objects.uncollected_since(limit).with_parties()
    return for_each_row(list(late), partial(_ask, now=now))


@transaction.atomic
def _ask(reservation, now):
    unasked = Reservation.objects.accepted().filter(pk=reservation.pk, uncollected_asked_at=None)
    if not unasked.update(uncollected_asked_at=now):
        return False
    since = reservation.pickup_at or reservation.accepted_at
    again = "prolonged" if reservation.prolonged_at else ""
    notify_about(
        reservation,
        "reservation_not_collected",
        all_members(reservation),
        key=f"{since:%Y%m%d}{again}",
        as_one=True,
    )
    return True
