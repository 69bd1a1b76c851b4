"""Figures on how the portal is used: people, answers, takers, ideas and ratings."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any, NamedTuple, TypeAlias

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
from portal.foundation.page_cache.values import kept

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
    asked = _requests(period, municipalities)
    return _response(kept("response", lambda: asked.aggregate(**RESPONSE), asked.query))


def _response_by_municipality(period: Period, municipalities: Places | None) -> dict[int, Values]:
    asked = _requests(period, municipalities)
    place = "listing__organisation__municipality"
    rows = kept(
        "response_by_municipality",
        lambda: list(asked.values(place).annotate(**RESPONSE)),
        asked.query,
    )
    return {row[place]: _response(row) for row in rows}


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
    taken = _taken(period, municipalities)
    return _takers(taken.published.total(), sum(taken.days.values(), Counter()))


class Taken(NamedTuple):
    """Of the listings of each municipality's givers: how many were published, and how many of them
    were taken after how many days."""

    published: Counter[int | None]
    days: dict[int | None, Counter[int]]


def _taken(period: Period, municipalities: Places | None) -> Taken:
    start, before = period.moments
    listings = MaterialListing.objects.filter(
        first_published_at__gte=start, first_published_at__lt=before
    ).order_by()
    if municipalities is not None:
        listings = listings.in_municipalities(municipalities)
    return kept("taken", lambda: _read_taken(listings), listings.query)


def _read_taken(listings: QuerySet[MaterialListing]) -> Taken:
    numbers = listings.values_list("organisation__municipality").annotate(Count("pk"))
    days: dict[int | None, Counter[int]] = defaultdict(Counter)
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
        days[place][max((taken_on - published_on).days, 0)] += 1
    return Taken(Counter(dict(numbers)), dict(days))


def _takers(listings: int, days: Counter[int]) -> Values:
    return {
        "listings": listings,
        "taken_percent": _percent(days.total(), listings),
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


def other_collaborations(
    *, period: Period, municipalities: Places | None = None
) -> dict[int | None, int]:
    """Return {municipality's pk: number of collaborations recorded by hand}.

    They count on the day they started, in the municipality that the partner had when recorded.
    """
    started = Collaboration.objects.filter(started_on__gte=period.start, started_on__lte=period.end)
    if municipalities is not None:
        started = started.filter(municipality__in=municipalities)
    return dict(started.order_by().values_list("municipality").annotate(Count("pk")))


def recalls(*, period: Period, municipalities: Places | None = None) -> dict[int | None, int]:
    """Return {giver's municipality's pk: number of recalls}, by the day of the recall."""
    recalled = Recall.objects.filter(
        recalled_at__date__gte=period.start, recalled_at__date__lte=period.end
    )
    if municipalities is not None:
        recalled = recalled.filter(listing__organisation__municipality__in=municipalities)
    places = recalled.order_by().values_list("listing__organisation__municipality")
    return dict(places.annotate(Count("pk")))


@dataclass(frozen=True)
class Use:
    """What has been read for some municipalities, to be counted for each of them and together.

    The answers are not in it: a median of all is nothing that medians of each could tell.
    """

    people: People
    taken: Taken
    ideas: dict[int | None, Values]
    scores: dict[int | None, Counter[int]]
    collaborations: Mapping[int | None, int]
    recalls: Mapping[int | None, int]

    @classmethod
    def read(cls, period: Period, municipalities: Places | None) -> "Use":
        scores: dict[int | None, Counter[int]] = defaultdict(Counter)
        given = _given_ratings(period, municipalities)
        for place, score, count in given.values_list("municipality", "score").annotate(Count("pk")):
            scores[place][score] = count
        sent = _approved_ideas(period, municipalities)
        return cls(
            people=active_users(period=period, municipalities=municipalities),
            taken=_taken(period, municipalities),
            ideas={
                row.pop("handover__receiver_municipality"): row
                for row in sent.values("handover__receiver_municipality").annotate(**IDEAS)
            },
            scores=scores,
            collaborations=other_collaborations(period=period, municipalities=municipalities),
            recalls=recalls(period=period, municipalities=municipalities),
        )

    @property
    def places(self) -> set[int | None]:
        """Every municipality of which there is anything, and None for people without any."""
        return {place for place, _side in self.people}.union(
            self.taken.published, self.ideas, self.scores, self.collaborations, self.recalls
        )

    def of(self, places: Collection[int | None], answers: Values) -> Values:
        """Return all figures of this module for `places` together, `answers` among them."""
        scores: Counter[int] = Counter()
        sent = dict.fromkeys(IDEAS, 0)
        for place in places:
            scores += self.scores.get(place, Counter())
            for key, number in self.ideas.get(place, {}).items():
                sent[key] += number
        return {
            **_people(self.people, places),
            **answers,
            **_takers(
                sum(self.taken.published[place] for place in places),
                sum((self.taken.days.get(place, Counter()) for place in places), Counter()),
            ),
            **sent,
            **_ratings(scores),
            "other_collaborations": sum(self.collaborations.get(place, 0) for place in places),
            "recalls": sum(self.recalls.get(place, 0) for place in places),
        }


def use_of_each_and_all(
    *, period: Period, municipalities: Places | None = None
) -> tuple[dict[int, Values], Values]:
    """Return `use_by_municipality` and `use_in_all`, read only once."""
    use = Use.read(period, municipalities)
    return (
        _of_each(use, period, municipalities),
        use.of(use.places, response(period=period, municipalities=municipalities)),
    )


def use_by_municipality(
    *, period: Period, municipalities: Places | None = None
) -> dict[int, Values]:
    """Return {municipality's pk: all figures of this module}, in one query per kind."""
    return _of_each(Use.read(period, municipalities), period, municipalities)


def use_in_all(*, period: Period, municipalities: Places | None = None) -> Values:
    """Return the same figures for the municipalities together."""
    use = Use.read(period, municipalities)
    return use.of(use.places, response(period=period, municipalities=municipalities))


def _of_each(use: Use, period: Period, municipalities: Places | None) -> dict[int, Values]:
    answers = _response_by_municipality(period, municipalities)
    return {
        place: use.of([place], answers.get(place) or _response(None))
        for place in Municipality.objects.pks(_keys(municipalities))
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


def _median(numbers: Counter[int]) -> Decimal | None:
    return _rounded(Decimal(str(median(numbers.elements())))) if numbers else None


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(ONE_DECIMAL, rounding=ROUND_HALF_UP)
