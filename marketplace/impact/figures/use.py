"""Figures on how the portal is used: people, answers, takers, ideas and ratings."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any, TypeAlias

from django.db.models import (
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.ideas.models import Idea
from marketplace.impact.collaborations.models import Collaboration
from marketplace.impact.figures.figure import Places, Values
from marketplace.impact.figures.median import Median
from marketplace.impact.figures.periods import Period
from marketplace.impact.ratings.models import Rating
from marketplace.impact.usage.models import UserDay
from marketplace.listings.models import MaterialListing
from marketplace.municipalities.models import Municipality
from marketplace.offers.recalls.models import Recall
from marketplace.organisations.models import Organisation

ONE_DECIMAL = Decimal("0.1")
MICROSECOND = timedelta(microseconds=1)
# {(municipality's pk, side): {key of a figure: how many people}}.
People: TypeAlias = dict[tuple[int | None, str], dict[str, int]]


def active_users(*, period: Period, municipalities: Places | None = None) -> People:
    """Return {(municipality's pk, side): {"active_users": …, "returning_users": …}}.

    `side` is "company" or "service"; people without an organisation, such as editors, are left out.
    Each person is counted once, where they belonged on their last day in the period, so the numbers
    can be added up.
    """
    groups = (
        UserDay.objects.filter(day__gte=period.start, day__lte=period.end)
        .exclude(side=UserDay.Side.OTHER)
        .order_by()
        .values_list("user", "municipality", "side")
        .annotate(days=Count("pk"), last=Max("day"))
    )
    days: Counter[int] = Counter()
    places: dict[int, tuple[date, int | None, str]] = {}
    for user, municipality, side, count, last in groups:
        days[user] += count
        if user not in places or places[user][0] < last:
            places[user] = (last, municipality, side)
    result: People = defaultdict(lambda: {"active_users": 0, "returning_users": 0})
    chosen = _keys(municipalities)
    for user, (_last, municipality, side) in places.items():
        if chosen is None or municipality in chosen:
            result[municipality, side]["active_users"] += 1
            result[municipality, side]["returning_users"] += days[user] > 1
    return dict(result)


def _requests(period: Period, municipalities: Places | None) -> QuerySet[Reservation]:
    start, before = period.moments
    asked = Reservation.objects.filter(created_at__gte=start, created_at__lt=before)
    if municipalities is not None:
        asked = asked.filter(listing__organisation__municipality__in=municipalities)
    return asked.order_by()


ANSWERED_AT = Coalesce(
    "accepted_at", Case(When(state=Reservation.State.DECLINED, then=F("closed_at")))
)
RESPONSE = {
    "requests": Count("pk"),
    "answered": Count(ANSWERED_AT),
    "time": Median(
        ExpressionWrapper(ANSWERED_AT - F("created_at"), output_field=DurationField()),
        output_field=DurationField(),
    ),
}


def response(*, period: Period, municipalities: Places | None = None) -> Values:
    """Return {"requests", "answered_percent", "response_hours"} for requests in the period.

    `municipalities` are the givers', since they answer. Values are None without requests.
    """
    return _response(_requests(period, municipalities).aggregate(**RESPONSE))


def _response(row: Mapping[str, Any] | None) -> Values:
    row = row or {"requests": 0, "answered": 0, "time": None}
    time = row["time"]
    hours = None if time is None else Decimal(time / MICROSECOND) / 3_600_000_000
    return {
        "requests": row["requests"],
        "answered_percent": _percent(row["answered"], row["requests"]),
        "response_hours": None if hours is None else _rounded(hours),
    }


def takers(*, period: Period, municipalities: Places | None = None) -> Values:
    """Return {"listings", "taken_percent", "taken_days"} for listings published in the period.

    `municipalities` are the givers'.
    """
    numbers, days = _published(period, municipalities)
    return _takers(numbers.total(), [each for place in days.values() for each in place])


def _published(
    period: Period, municipalities: Places | None
) -> tuple[Counter[int], dict[int, list[int]]]:
    """Return how many listings the givers of each municipality published, and of those that were
    taken the days to the first taker."""
    start, before = period.moments
    listings = MaterialListing.objects.filter(
        first_published_at__gte=start, first_published_at__lt=before
    ).order_by()
    if municipalities is not None:
        listings = listings.in_municipalities(municipalities)
    numbers = listings.values_list("organisation__municipality").annotate(Count("pk"))
    days: dict[int, list[int]] = defaultdict(list)
    # What nobody has taken is only counted: it may be most of what there is.
    for _listing, place, published_on, taken_on in (
        Handover.objects.standing()
        .filter(listing__in=listings)
        .order_by()
        .values_list(
            "listing",
            "listing__organisation__municipality",
            TruncDate("listing__first_published_at"),
        )
        .annotate(Min("handed_over_on"))
    ):
        days[place].append(max((taken_on - published_on).days, 0))
    return Counter(dict(numbers)), days


def _takers(listings: int, days: Sequence[int]) -> Values:
    return {
        "listings": listings,
        "taken_percent": _percent(len(days), listings),
        "taken_days": _median(days),
    }


def _approved_ideas(
    period: Period, municipalities: Places | None = None, giver: Organisation | None = None
) -> QuerySet[Idea]:
    start, before = period.moments
    sent = Idea.objects.approved().filter(created_at__gte=start, created_at__lt=before)
    if municipalities is not None:
        sent = sent.filter(handover__receiver_municipality__in=municipalities)
    if giver is not None:
        sent = sent.filter(handover__giver__in=Organisation.objects.known_as(giver))
    return sent.order_by()


FURTHER = Q(progress__adopted_at__isnull=False)
IDEAS = {
    "ideas_sent": Count("pk"),
    "ideas_answered": Count("pk", filter=FURTHER | Q(progress__thanked_at__isnull=False)),
    "ideas_taken_further": Count("pk", filter=FURTHER),
}


def ideas(
    *, period: Period, municipalities: Places | None = None, giver: Organisation | None = None
) -> Values:
    """Count ideas sent, answered and taken further, by the receiver's municipality.

    `giver` limits them to ideas about that company's material.
    """
    return _approved_ideas(period, municipalities, giver).aggregate(**IDEAS)


def _given_ratings(period: Period, municipalities: Places | None) -> QuerySet[Rating]:
    start, before = period.moments
    given = Rating.objects.filter(created_at__gte=start, created_at__lt=before)
    if municipalities is not None:
        given = given.filter(municipality__in=municipalities)
    return given.order_by()


def ratings(*, period: Period, municipalities: Places | None = None) -> Values:
    """Return {"rating": mean or None, "ratings": count, "scores": {1…5: count}}."""
    given = _given_ratings(period, municipalities)
    return _ratings(dict(given.values_list("score").annotate(Count("pk"))))


def _ratings(found: Mapping[int, int]) -> Values:
    scores = {score: found.get(score, 0) for score in Rating.Score.values}
    count = sum(scores.values())
    total = sum(score * number for score, number in scores.items())
    return {
        "rating": _rounded(Decimal(total) / count) if count else None,
        "ratings": count,
        "scores": scores,
    }


def other_collaborations(*, period: Period, municipalities: Places | None = None) -> dict[int, int]:
    """Return {municipality's pk: number of collaborations recorded by hand}.

    They count on the day they started, in the municipality that the partner had when recorded.
    """
    started = Collaboration.objects.filter(started_on__gte=period.start, started_on__lte=period.end)
    if municipalities is not None:
        started = started.filter(municipality__in=municipalities)
    return dict(started.order_by().values_list("municipality").annotate(Count("pk")))


def recalls(*, period: Period, municipalities: Places | None = None) -> dict[int, int]:
    """Return {giver's municipality's pk: number of recalls}, by the day of the recall."""
    recalled = Recall.objects.filter(
        recalled_at__date__gte=period.start, recalled_at__date__lte=period.end
    )
    if municipalities is not None:
        recalled = recalled.filter(listing__organisation__municipality__in=municipalities)
    places = recalled.order_by().values_list("listing__organisation__municipality")
    return dict(places.annotate(Count("pk")))


def use_by_municipality(
    *, period: Period, municipalities: Places | None = None
) -> dict[int, Values]:
    """Return {municipality's pk: all figures of this module}, in one query per kind."""
    chosen = _keys(municipalities)
    published, days = _published(period, municipalities)
    scores: dict[int, dict[int, int]] = defaultdict(dict)
    answers = {
        row["listing__organisation__municipality"]: row
        for row in _requests(period, municipalities)
        .values("listing__organisation__municipality")
        .annotate(**RESPONSE)
    }
    given = _given_ratings(period, municipalities)
    for place, score, count in given.values_list("municipality", "score").annotate(Count("pk")):
        scores[place][score] = count
    sent = {
        row.pop("handover__receiver_municipality"): row
        for row in _approved_ideas(period, municipalities)
        .values("handover__receiver_municipality")
        .annotate(**IDEAS)
    }
    others = other_collaborations(period=period, municipalities=municipalities)
    recalled = recalls(period=period, municipalities=municipalities)
    people = active_users(period=period, municipalities=municipalities)
    return {
        place: {
            **_people(people, [place]),
            **_response(answers.get(place)),
            **_takers(published[place], days.get(place, [])),
            **(sent.get(place) or dict.fromkeys(IDEAS, 0)),
            **_ratings(scores[place]),
            "other_collaborations": others.get(place, 0),
            "recalls": recalled.get(place, 0),
        }
        for place in Municipality.objects.pks(chosen)
    }


def use_in_all(*, period: Period, municipalities: Places | None = None) -> Values:
    """Return the same figures for the municipalities together."""
    others = other_collaborations(period=period, municipalities=municipalities)
    people = active_users(period=period, municipalities=municipalities)
    return {
        **_people(people, {place for place, _side in people}),
        **response(period=period, municipalities=municipalities),
        **takers(period=period, municipalities=municipalities),
        **ideas(period=period, municipalities=municipalities),
        **ratings(period=period, municipalities=municipalities),
        "other_collaborations": sum(others.values()),
        "recalls": sum(recalls(period=period, municipalities=municipalities).values()),
    }


def _people(people: People, places: Collection[int | None]) -> dict[str, int]:
    """Return the active and returning users of `places`, in total and per side."""
    result: dict[str, int] = {}
    for key in ("active_users", "returning_users"):
        for side in (UserDay.Side.COMPANY, UserDay.Side.SERVICE):
            result[f"{key}_{side}"] = sum(
                people[place, side][key] for place in places if (place, side) in people
            )
        result[key] = result[f"{key}_company"] + result[f"{key}_service"]
    return result


def _keys(municipalities: Places | None) -> set[int | None] | None:
    if municipalities is None:
        return None
    return {getattr(each, "pk", each) for each in municipalities}


def _percent(part: int, whole: int) -> int | None:
    """Return a whole percentage, rounded half up; None if `whole` is 0."""
    if not whole:
        return None
    return int((Decimal(part * 100) / whole).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _median(values: Sequence[int]) -> Decimal | None:
    return _rounded(Decimal(str(median(values)))) if values else None


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(ONE_DECIMAL, rounding=ROUND_HALF_UP)
