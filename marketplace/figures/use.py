"""Figures on how the portal is used: people, answers, takers, ideas and ratings."""

from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from marketplace.models import Idea, MaterialListing, Rating, Reservation, UserDay

ONE_DECIMAL = Decimal("0.1")


def active_users(*, period, municipalities=None):
    """{(municipality's pk, side): {"active_users": …, "returning_users": …}}.

    `side` is "company" or "service"; editors and others without an organisation are left out. Each
    person is counted once, where they belonged on their last day in the period, so that sums over
    municipalities and sides are the numbers of people.
    """
    groups = (
        UserDay.objects.filter(day__gte=period.start, day__lte=period.end)
        .exclude(side=UserDay.Side.OTHER)
        .order_by()
        .values_list("user", "municipality", "side")
        .annotate(days=Count("pk"), last=Max("day"))
    )
    days, places = Counter(), {}
    for user, municipality, side, count, last in groups:
        days[user] += count
        if user not in places or places[user][0] < last:
            places[user] = (last, municipality, side)
    result = defaultdict(lambda: {"active_users": 0, "returning_users": 0})
    chosen = _keys(municipalities)
    for user, (_last, municipality, side) in places.items():
        if chosen is None or municipality in chosen:
            result[municipality, side]["active_users"] += 1
            result[municipality, side]["returning_users"] += days[user] > 1
    return dict(result)


def response(*, period, municipalities=None):
    """{"requests", "answered_percent", "response_hours"} for requests made in the period.

    `municipalities` are the givers', since they answer. A mean of nothing is None.
    """
    start, before = period.moments
    asked = Reservation.objects.filter(created_at__gte=start, created_at__lt=before)
    if municipalities is not None:
        asked = asked.filter(listing__organisation__municipality__in=municipalities)
    hours = []
    requests = 0
    for state, created_at, accepted_at, closed_at in asked.values_list(
        "state", "created_at", "accepted_at", "closed_at"
    ):
        requests += 1
        declined_at = closed_at if state == Reservation.State.DECLINED else None
        if answered_at := accepted_at or declined_at:
            hours.append((answered_at - created_at).total_seconds() / 3600)
    return {
        "requests": requests,
        "answered_percent": _percent(len(hours), requests),
        "response_hours": _median(hours),
    }


def takers(*, period, municipalities=None):
    """{"listings", "taken_percent", "taken_days"} for listings published in the period.

    `municipalities` are the givers'.
    """
    start, before = period.moments
    listings = MaterialListing.objects.filter(
        first_published_at__gte=start, first_published_at__lt=before
    )
    if municipalities is not None:
        listings = listings.in_municipalities(municipalities)
    standing = Q(handovers__reverses=None, handovers__reversed_by=None)
    pairs = (
        listings.order_by()
        .annotate(taken=Min("handovers__handed_over_on", filter=standing))
        .values_list("first_published_at", "taken")
    )
    published, days = 0, []
    for published_at, taken in pairs:
        published += 1
        if taken:
            days.append(max((taken - timezone.localdate(published_at)).days, 0))
    return {
        "listings": published,
        "taken_percent": _percent(len(days), published),
        "taken_days": _median(days),
    }


def ideas(*, period, municipalities=None):
    """{"ideas_sent", "ideas_answered", "ideas_taken_further"}, by the receiver's municipality."""
    start, before = period.moments
    sent = Idea.objects.approved().filter(created_at__gte=start, created_at__lt=before)
    if municipalities is not None:
        sent = sent.filter(handover__receiver_municipality__in=municipalities)
    further = Q(progress__taken_further_at__isnull=False)
    return sent.aggregate(
        ideas_sent=Count("pk"),
        ideas_answered=Count("pk", filter=further | Q(progress__thanked_at__isnull=False)),
        ideas_taken_further=Count("pk", filter=further),
    )


def ratings(*, period, municipalities=None):
    """{"rating": mean or None, "ratings": how many, "scores": {1…5: how many}}."""
    start, before = period.moments
    given = Rating.objects.filter(created_at__gte=start, created_at__lt=before)
    if municipalities is not None:
        given = given.filter(municipality__in=municipalities)
    found = dict(given.order_by().values_list("score").annotate(Count("pk")))
    scores = {score: found.get(score, 0) for score in Rating.Score.values}
    count = sum(scores.values())
    total = sum(score * number for score, number in scores.items())
    return {
        "rating": _rounded(Decimal(total) / count) if count else None,
        "ratings": count,
        "scores": scores,
    }


def _keys(municipalities):
    if municipalities is None:
        return None
    return {getattr(each, "pk", each) for each in municipalities}


def _percent(part, whole):
    """Whole per cent, rounded half up; None when there is nothing to take a share of."""
    if not whole:
        return None
    return int((Decimal(part * 100) / whole).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _median(values):
    return _rounded(Decimal(str(median(values)))) if values else None


def _rounded(value):
    return value.quantize(ONE_DECIMAL, rounding=ROUND_HALF_UP)
