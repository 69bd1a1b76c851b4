"""Who took part: organisations, givers, receivers and collaborations, counted from the ledger."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q

from marketplace.exchange.handovers.models import Handover, HandoverQuerySet
from marketplace.impact.figures.periods import Period
from marketplace.organisations.models import Organisation
from portal.foundation.page_cache.values import kept

# Counts of who took part. A correction that leaves nothing does not count as taking part.
PARTIES = (
    "organisations",
    "givers",
    "givers_company",
    "givers_service",
    "receivers",
    "receivers_company",
    "receivers_service",
    "collaborations",
    "new_collaborations",
    "lasting_collaborations",
)
LASTING_HANDOVERS = 3


def term(day: date) -> int:
    """Number the school terms: two for each year, starting in January and July."""
    return day.year * 2 + (day.month > 6)


def merged() -> dict[int, int]:
    """Return {pk of a merged organisation: pk of the one it was merged into}."""
    return _merged_and_companies()[0]


def _merged_and_companies() -> tuple[dict[int, int], set[int]]:
    """What is to be known of organisations: those merged into another, and the companies."""
    known = Organisation.objects.order_by().filter(
        Q(merged_into__isnull=False) | Q(type=Organisation.Type.COMPANY)
    )
    gone, companies = {}, set()
    for pk, now, type_ in known.values_list("pk", "merged_into", "type"):
        if now is not None:
            gone[pk] = now
        if type_ == Organisation.Type.COMPANY:
            companies.add(pk)
    return gone, companies


@dataclass
class PartiesSoFar:
    """Who took part, read group by group: where each was seen last, and how long pairs last.

    The places are {who: (day, pk, municipality's pk)} of the last handover in the period; a pair
    is (giver, receiver). `history` is {pair: (handovers, first day, last day)}.
    """

    givers: dict[Any, tuple] = field(default_factory=dict)
    receivers: dict[Any, tuple] = field(default_factory=dict)
    organisations: dict[Any, tuple] = field(default_factory=dict)
    pairs: dict[Any, tuple] = field(default_factory=dict)
    history: dict[tuple, tuple] = field(default_factory=dict)

    def remember(self, pair: tuple, count: int, first: date, latest: date) -> None:
        """Add `count` handovers between two organisations, with their first and last day."""
        if known := self.history.get(pair):
            count, first, latest = count + known[0], min(first, known[1]), max(latest, known[2])
        self.history[pair] = (count, first, latest)

    def place(self, pair: tuple, from_place: int, to_place: int, last: tuple) -> None:
        """Note in which municipality each was at `last`, (day, pk), if that is the latest."""
        giver, receiver = pair
        for places, who, municipality in (
            (self.givers, giver, from_place),
            (self.receivers, receiver, to_place),
            (self.organisations, giver, from_place),
            (self.organisations, receiver, to_place),
            (self.pairs, pair, to_place),
        ):
            seen = (*last, municipality)
            if who not in places or places[who] < seen:
                places[who] = seen

    def is_new(self, pair: tuple, period: Period | None) -> bool:
        return period is None or self.history[pair][1] >= period.start

    def is_lasting(self, pair: tuple) -> bool:
        count, first, latest = self.history[pair]
        return count >= LASTING_HANDOVERS or term(latest) > term(first)


def _ledger(conditions: Q, period: Period | None) -> HandoverQuerySet:
    """Return the rows to read for who took part in the period.

    What was before the period is among them, since it decides what is new and what has lasted; and
    all municipalities are, since they decide where the last handover was.
    """
    ledger = Handover.objects.standing().filter(conditions)
    return ledger.filter(handed_over_on__lte=period.end) if period else ledger


def _read_parties(
    ledger: HandoverQuerySet, period: Period | None, now: Mapping[int, int]
) -> PartiesSoFar:
    """Read the ledger once for everybody who took part. `now` are the merged."""
    in_period = Q(handed_over_on__gte=period.start) if period else Q()
    groups = (
        ledger.order_by()
        .values_list("giver", "receiver", "giver_municipality", "receiver_municipality")
        .annotate(
            count=Count("pk"),
            first=Min("handed_over_on"),
            latest=Max("handed_over_on"),
            last_day=Max("handed_over_on", filter=in_period),
            last_pk=Max("pk", filter=in_period),
        )
    )
    parties = PartiesSoFar()
    for giver, receiver, from_place, to_place, count, first, latest, day, pk in groups:
        pair = (now.get(giver, giver), now.get(receiver, receiver))
        parties.remember(pair, count, first, latest)
        if day is not None:
            parties.place(pair, from_place, to_place, (day, pk))
    return parties


def _by_type(name: str, found: dict[Any, tuple], companies: set[int]) -> dict[str, dict]:
    """Split those found into companies and services, beside all of them."""
    return {
        name: found,
        f"{name}_company": {who: last for who, last in found.items() if who in companies},
        f"{name}_service": {who: last for who, last in found.items() if who not in companies},
    }


def count_parties(
    conditions: Q, period: Period | None, municipalities: frozenset[int | None] | None
) -> dict[str, Counter[int]]:
    """{key: {municipality's pk: number}} for each of `PARTIES`."""
    ledger = _ledger(conditions, period)
    return kept(
        "parties",
        lambda: _count_parties(ledger, period, municipalities),
        ledger.query,
        period and period.start,
        None if municipalities is None else sorted(municipalities, key=str),
    )


def _count_parties(
    ledger: HandoverQuerySet, period: Period | None, municipalities: frozenset[int | None] | None
) -> dict[str, Counter[int]]:
    now, companies = _merged_and_companies()
    parties = _read_parties(ledger, period, now)
    pairs = parties.pairs
    counts = {
        "organisations": parties.organisations,
        **_by_type("givers", parties.givers, companies),
        **_by_type("receivers", parties.receivers, companies),
        "collaborations": pairs,
        "new_collaborations": {pair: pairs[pair] for pair in pairs if parties.is_new(pair, period)},
        "lasting_collaborations": {pair: pairs[pair] for pair in pairs if parties.is_lasting(pair)},
    }
    return {
        key: Counter(
            place
            for _day, _pk, place in places.values()
            if municipalities is None or place in municipalities
        )
        for key, places in counts.items()
    }
