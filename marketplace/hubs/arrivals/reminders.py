"""A word to who has something kept at a hub, before its time there is over."""

from datetime import date, datetime, time
from functools import partial

from django.db.models import Exists, OuterRef
from django.utils import timezone

from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.telling import notify_about
from marketplace.hubs.arrivals.models import Arrival
from marketplace.hubs.models import HubTime
from marketplace.notifications.models import Notification
from marketplace.organisations.membership.recipients import members
from marketplace.review.late import working_days_before
from portal.foundation.jobs.rows import for_each_row

TYPE = "hub_last_days"
REMIND_FROM_HOUR = 8


def remind_of_kept(now: datetime | None = None) -> int:
    """Remind receivers, once, from eight the working day before the last chance to fetch.

    That is the hub's last opening in the time that it keeps it, or the last day of that time.
    Returns how many reservations.
    """
    now = now or timezone.now()
    if timezone.localtime(now).hour < REMIND_FROM_HOUR:
        return 0
    known = Notification.objects.filter(type=TYPE, reservation=OuterRef("reservation"))
    kept = Arrival.objects.kept().filter(kept_until__gte=timezone.localdate(now))
    waiting = kept.exclude(Exists(known)).with_parties()
    return for_each_row(list(waiting), partial(_remind, now=now))


def _remind(arrival: Arrival, now: datetime) -> bool:
    reservation, until = arrival.reservation, arrival.kept_until
    if reservation is None or until is None:
        return False
    opening = last_opening(arrival)
    due = working_day_before(opening.day if opening else until)
    # Who has been told that very day that it has come knows until when.
    told_then = timezone.localdate(arrival.arrived_at) >= due
    if told_then or timezone.localdate(now) < due:
        return False
    # As it is now: meanwhile it may have been fetched.
    current = Reservation.objects.select_for_update().get(pk=reservation.pk)
    if current.state != Reservation.State.ACCEPTED:
        return False
    notify_about(
        reservation,
        TYPE,
        members(reservation.organisation),
        kept_until=until.isoformat(),
        opens_at=opening.occasion.starts_at.isoformat() if opening else "",
        closes_at=opening.occasion.ends_at.isoformat() if opening else "",
        where=arrival.hub.where,
    )
    return True


def last_opening(arrival: Arrival) -> HubTime | None:
    """The last time that the hub is open while it keeps `arrival`, where it has opening hours."""
    times = HubTime.objects.filter(
        hub=arrival.hub,
        occasion__called_off=False,
        occasion__ends_at__gt=arrival.arrived_at,
        day__lte=arrival.kept_until,
    )
    return times.select_related("occasion").order_by("-occasion__starts_at").first()


def working_day_before(day: date) -> date:
    moment = timezone.make_aware(datetime.combine(day, time(12)))
    return working_days_before(moment, 1).date()
