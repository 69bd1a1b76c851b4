"""Opening hours of hubs as times to book, four weeks ahead."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from marketplace.hubs.models import Hub, HubOpening, HubTime
from marketplace.occasions.models import Occasion
from marketplace.occasions.services import arrange_occasion
from portal.foundation.jobs.rows import for_each_row

AHEAD = timedelta(days=28)


def plan_openings(now: datetime | None = None) -> int:
    """Keep the bookable times of every hub in step with its opening hours. Returns how many hubs.

    Safe to run again: a day is made once, and moved or called off when the hours change. What is
    over today stays as it was.
    """
    now = now or timezone.now()
    return for_each_row(Hub.objects.all(), partial(plan_hub, now=now))


@transaction.atomic
def plan_hub(pk: int, now: datetime) -> bool:
    """Keep the times of one hub in step; the arguments of `plan_openings`."""
    hub = Hub.objects.select_for_update().get(pk=pk)
    today = timezone.localdate(now)
    wanted = {}
    closed = list(hub.closings.coming())
    for opening in HubOpening.objects.filter(hub=hub):
        for ahead in range(AHEAD.days + 1):
            day = today + timedelta(days=ahead)
            if day.isoweekday() != opening.weekday or not hub.is_open_on(day):
                continue
            if not any(each.first_day <= day <= each.last_day for each in closed):
                wanted[opening.pk, day] = opening
    times = list(HubTime.objects.filter(hub=hub, day__gte=today).select_related("occasion"))
    known = {(time.opening_id, time.day): time.occasion for time in times}
    for key, opening in wanted.items():
        day = key[1]
        occasion, values = known.get(key), _values(hub, opening, day)
        if (occasion.ends_at if occasion else values["ends_at"]) <= now:
            continue
        arranged = arrange_occasion(occasion=occasion, **values, called_off=False)
        if occasion is None:
            HubTime.objects.create(hub=hub, opening=opening, day=day, occasion=arranged)
    # Not from `known`: the times of hours that have been taken away have no key of their own.
    for time in times:
        if (time.opening_id, time.day) not in wanted and time.occasion.ends_at > now:
            arrange_occasion(occasion=time.occasion, called_off=True)
    return True


def coming_times(hub: Hub, now: datetime | None = None):
    """The times of `hub` that are not over, the next first."""
    return _coming(now).filter(hub=hub)


def _coming(now: datetime | None = None) -> QuerySet[HubTime]:
    found = HubTime.objects.filter(occasion__ends_at__gt=now or timezone.now())
    return found.select_related("occasion", "hub").order_by("occasion__starts_at", "pk")


def next_openings(hubs: Iterable[Hub]) -> dict[int, str]:
    """{hub's pk: the next time that it is open}, such as “Tuesday 8 December 13:00–15:00”.

    A hub that does not open any more is not in it.
    """
    found: dict[int, str] = {}
    for time in _coming().filter(hub__in=hubs, occasion__called_off=False):
        if time.hub_id not in found:
            found[time.hub_id] = time.occasion.when
    return found


def _values(hub: Hub, opening: HubOpening, day) -> dict:
    zone = timezone.get_default_timezone()
    return {
        "title": hub.name,
        "where": ", ".join(filter(None, [hub.address, hub.town])),
        "starts_at": datetime.combine(day, opening.starts, zone),
        "ends_at": datetime.combine(day, opening.ends, zone),
        "places": opening.places,
        "most_per_booking": opening.most_per_booking,
    }


def address_of_time(occasion: Occasion) -> str:
    """Where the opening time that `occasion` belongs to is booked, or ""."""
    time = HubTime.objects.filter(occasion=occasion).select_related("hub").first()
    return time.get_absolute_url() if time else ""
