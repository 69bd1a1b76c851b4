"""Recalculate handovers with other factors: on purpose, traceable and reversible.

A row of the ledger is never changed. One that gets another value is reversed and followed by a row
with the new factor, both of the same day, so that every figure stays a plain sum over rows.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import COPIED, REVERSED, amounts
from marketplace.exchange.stock.models import Stock
from marketplace.impact.revaluations.errors import (
    AlreadyReverted,
    NothingToRevalue,
    RevertLaterFirst,
)
from marketplace.impact.revaluations.models import Revaluation
from marketplace.materials.models import ClimateFactor, MaterialCategory
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User

CHUNK = 1000
VALUES = ("co2e_kg", "value_sek", "purchase_avoided_sek")
CHANGES = ("handovers", "co2e_change_kg", "value_change_sek", "avoided_change_sek")
FACTOR = ("kgco2e_per_kg", "sek_per_kg", "factor_source", "factor_source_year")


@dataclass
class Difference:
    """What a revaluation changes: how many handovers, and the sums before and after."""

    handovers: int = 0
    before: dict = field(default_factory=lambda: dict.fromkeys(VALUES, Decimal(0)))
    after: dict = field(default_factory=lambda: dict.fromkeys(VALUES, Decimal(0)))

    def add(self, handover: Handover, new: dict[str, Any]) -> None:
        self.handovers += 1
        for key in VALUES:
            self.before[key] += getattr(handover, key)
            self.after[key] += new[key]

    @property
    def change(self) -> dict[str, Decimal]:
        return {key: self.after[key] - self.before[key] for key in VALUES}


class Factors:
    """Every factor there is, for asking about many handovers without a query for each."""

    def __init__(self) -> None:
        self.parents = dict(MaterialCategory.objects.values_list("pk", "parent"))
        self.own = defaultdict(list)
        for factor in ClimateFactor.objects.order_by("-valid_from"):
            self.own[factor.category_id].append(factor)

    def on(self, category_id: int | None, day: date) -> ClimateFactor | None:
        """As `MaterialCategory.factor_on`."""
        while category_id:
            for factor in self.own[category_id]:
                if factor.valid_from <= day:
                    return factor
            category_id = self.parents[category_id]
        return None


def revaluation_difference(
    *, first_day: date, last_day: date, category: MaterialCategory | None = None
) -> Difference:
    """The `Difference` that `revalue_handovers` would make now. Changes nothing."""
    difference = Difference()
    for handover, _factor, new in _changes(_chosen(first_day, last_day, category)):
        difference.add(handover, new)
    return difference


@transaction.atomic
def revalue_handovers(
    *,
    first_day: date,
    last_day: date,
    category: MaterialCategory | None = None,
    by: User,
    reason: str,
) -> Revaluation:
    """Recalculate the handovers of some days with the factors now in force for them.

    `category` limits it to a material and what is below. Rows whose factor and price stay are left
    alone. Raises `NothingToRevalue`.
    """
    chosen = _chosen(first_day, last_day, category)
    _lock(chosen)
    revaluation = Revaluation.objects.create(
        category=category,
        first_day=first_day,
        last_day=last_day,
        reason=reason[:300],
        made_by=by,
        **dict.fromkeys(CHANGES, 0),
    )
    difference = Difference()
    pairs = []
    for handover, factor, new in _changes(chosen):
        difference.add(handover, new)
        pairs.append((handover, new | _terms(factor) | {"revaluation_id": revaluation.pk}))
    if not pairs:
        raise NothingToRevalue
    _replace(pairs, by=by, reason=revaluation.reason)
    change = difference.change
    revaluation.handovers = difference.handovers
    revaluation.co2e_change_kg = change["co2e_kg"]
    revaluation.value_change_sek = change["value_sek"]
    revaluation.avoided_change_sek = change["purchase_avoided_sek"]
    revaluation.save()
    record(EventType.CORRECTED, actor=by, target=revaluation, handovers=difference.handovers)
    return revaluation


@transaction.atomic
def revert_revaluation(*, revaluation: Revaluation, by: User, reason: str) -> Revaluation:
    """Give the handovers of a revaluation the factors back that they had before it.

    What has been corrected since keeps its corrected kilograms. Revaluations are reverted in
    reverse order. Raises `AlreadyReverted` and `RevertLaterFirst`.
    """
    revaluation = Revaluation.objects.select_for_update().get(pk=revaluation.pk)
    if revaluation.reverted_at:
        raise AlreadyReverted
    if Revaluation.objects.standing().filter(pk__gt=revaluation.pk).exists():
        raise RevertLaterFirst
    rows = Handover.objects.standing().filter(revaluation=revaluation)
    _lock(rows)
    pairs = []
    for handover in rows.select_related("replaces").order_by("pk"):
        before = handover.replaces
        while (before.revaluation_id or 0) >= revaluation.pk:
            before = before.replaces
        terms = {name: getattr(before, name) for name in FACTOR}
        new = _valued(handover, terms["kgco2e_per_kg"], terms["sek_per_kg"])
        pairs.append((handover, new | terms | {"revaluation_id": before.revaluation_id}))
    _replace(pairs, by=by, reason=reason[:300])
    revaluation.reverted_at = timezone.now()
    revaluation.reverted_by = by
    revaluation.revert_reason = reason[:300]
    revaluation.save(update_fields=["reverted_at", "reverted_by", "revert_reason"])
    record(EventType.CORRECTED, actor=by, target=revaluation, reverted=True)
    return revaluation


def _terms(factor: ClimateFactor) -> dict[str, Any]:
    """What a row of the ledger keeps of the factor that it was valued with."""
    return {
        "kgco2e_per_kg": factor.kgco2e_per_kg,
        "sek_per_kg": factor.sek_per_kg,
        "factor_source": factor.source,
        "factor_source_year": factor.source_year,
    }


def _chosen(first_day: date, last_day: date, category: MaterialCategory | None) -> QuerySet:
    rows = Handover.objects.standing().in_period(first_day, last_day)
    if category is not None:
        below = MaterialCategory.objects.with_descendants(slugs=[category.slug])
        rows = rows.filter(category__in=below)
    return rows


def _lock(rows: QuerySet) -> None:
    """Take the stock of every listing concerned, as corrections do, so that none comes between."""
    listings = rows.order_by().values("listing")
    list(
        Stock.objects.select_for_update()
        .filter(listing__in=listings)
        .order_by("listing_id")
        .values_list("pk")
    )


def _changes(rows: QuerySet) -> Iterator[tuple[Handover, ClimateFactor, dict[str, Any]]]:
    """(handover, factor, new values) for each of `rows` that has another factor now."""
    factors = Factors()
    for handover in rows.order_by("pk").iterator(chunk_size=CHUNK):
        factor = factors.on(handover.category_id, handover.handed_over_on)
        if factor is None or (handover.kgco2e_per_kg, handover.sek_per_kg) == (
            factor.kgco2e_per_kg,
            factor.sek_per_kg,
        ):
            continue
        yield handover, factor, _valued(handover, factor.kgco2e_per_kg, factor.sek_per_kg)


def _valued(handover: Handover, kgco2e_per_kg: Decimal, sek_per_kg: Decimal) -> dict[str, Decimal]:
    new = amounts(
        mass_kg=handover.mass_kg,
        kgco2e_per_kg=kgco2e_per_kg,
        sek_per_kg=sek_per_kg,
        would_have_bought=handover.would_have_bought,
        stated_cost_sek=handover.stated_cost_sek,
    )
    return {key: new[key] for key in VALUES}


def _replace(pairs: list[tuple[Handover, dict[str, Any]]], *, by: User, reason: str) -> None:
    """Reverse each handover and add one with other values, in as few statements as are sensible."""
    ids = [f"{name}_id" if name in RELATIONS else name for name in COPIED]
    now = timezone.now()
    for start in range(0, len(pairs), CHUNK):
        chunk = pairs[start : start + CHUNK]
        shared = {"reason": reason, "recorded_by": by, "recorded_at": now}
        reversals, replacements = [], []
        for handover, new in chunk:
            copied = {name: getattr(handover, name) for name in ids}
            copied |= {
                "would_have_bought": handover.would_have_bought,
                "stated_cost_sek": handover.stated_cost_sek,
            }
            reversals.append(
                Handover(
                    **copied,
                    **{name: -getattr(handover, name) for name in REVERSED},
                    reverses=handover,
                    **shared,
                )
            )
            same = {"quantity": handover.quantity, "mass_kg": handover.mass_kg}
            replacements.append(Handover(**(copied | new), **same, replaces=handover, **shared))
        Handover.objects.bulk_create(reversals)
        Handover.objects.bulk_create(replacements)


RELATIONS = {field.name for field in Handover._meta.concrete_fields if field.is_relation}
