"""What happens to reservations when time passes."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace import notifications
from marketplace.models import Reservation

from .reservations import both, close, locked, tell

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
    return sum(_remind(pk, now) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _remind(pk, now):
    _stock, reservation = locked(Reservation.objects.get(pk=pk))
    if reservation.state != Reservation.State.REQUESTED or reservation.reminded_at:
        return False
    reservation.reminded_at = now
    reservation.save(update_fields=["reminded_at"])
    tell(reservation, "reservation_reminder", notifications.members(reservation.giver))
    return True


def expire_reservations(now=None):
    """Close requests that nobody has answered for fourteen days. Returns how many."""
    now = now or timezone.now()
    waiting = Reservation.objects.unanswered_since(now - EXPIRE_AFTER)
    return sum(_expire(pk) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _expire(pk):
    _stock, reservation = locked(Reservation.objects.get(pk=pk))
    if reservation.state != Reservation.State.REQUESTED:
        return False
    close(
        reservation,
        Reservation.State.EXPIRED,
        kind="reservation_expired",
        users=both(reservation),
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
    for reservation in pickups:
        with transaction.atomic():
            Reservation.objects.filter(pk=reservation.pk).update(
                pickup_reminded_for=reservation.pickup_at
            )
            tell(
                reservation,
                "pickup_tomorrow",
                both(reservation),
                key=f"{reservation.pickup_at:%Y%m%d%H%M}",
            )
    return len(pickups)


def ask_about_uncollected(now=None):
    """Ask both sides, once per agreed time, about what was not collected in fourteen days.

    Where no time was agreed, the days count from the acceptance. Returns how many were asked about.
    """
    now = now or timezone.now()
    limit = now - ASK_UNCOLLECTED_AFTER
    late = Reservation.objects.uncollected_since(limit).with_parties()
    return sum(_ask(reservation, now) for reservation in late)


@transaction.atomic
def _ask(reservation, now):
    unasked = Reservation.objects.accepted().filter(pk=reservation.pk, uncollected_asked_at=None)
    if not unasked.update(uncollected_asked_at=now):
        return False
    since = reservation.pickup_at or reservation.accepted_at
    again = "prolonged" if reservation.prolonged_at else ""
    tell(reservation, "reservation_not_collected", both(reservation), key=f"{since:%Y%m%d}{again}")
    return True
