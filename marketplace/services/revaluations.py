"""Computing handovers anew with other factors: on purpose, with a trace, and possible to undo.

A row of the ledger is never changed. One that gets another value is reversed and followed by a row
with the new factor, both of the same day, so that every figure stays a plain sum over rows.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from marketplace import errors
from marketplace.models import ClimateFactor, Handover, MaterialCategory, Revaluation, Stock

from .handovers import COPIED, REVERSED, amounts

CHUNK = 1000
VALUES = ("co2e_kg", "value_sek", "purchase_avoided_sek")
FACTOR = ("kgco2e_per_kg", "sek_per_kg", "factor_source", "factor_source_year")


@dataclass
class Difference:
    """What a revaluation changes: how many handovers, and the sums before and after."""

    handovers: int = 0
    before: dict = field(default_factory=lambda: dict.fromkeys(VALUES, Decimal(0)))
    after: dict = field(default_factory=lambda: dict.fromkeys(VALUES, Decimal(0)))

    def add(self, handover, new):
        self.handovers += 1
        for key in VALUES:
            self.before[key] += getattr(handover, key)
            self.after[key] += new[key]

    @property
    def change(self):
        return {key: self.after[key] - self.before[key] for key in VALUES}


class Factors:
    """Every factor there is, for asking about many handovers without a query for each."""

    def __init__(self):
        self.parents = dict(MaterialCategory.objects.values_list("pk", "parent"))
        self.own = defaultdict(list)
        for factor in ClimateFactor.objects.order_by("-valid_from"):
            self.own[factor.category_id].append(factor)

    def on(self, category_id, day):
        """As `MaterialCategory.factor_on`."""
        while category_id:
            for factor in self.own[category_id]:
                if factor.valid_from <= day:
                    return factor
            category_id = self.parents[category_id]
        return None


def revaluation_difference(*, first_day, last_day, category=None):
    """The `Difference` that `revalue_handovers` would make now. Changes nothing."""
    difference = Difference()
    for handover, _factor, new in _changes(_chosen(first_day, last_day, category)):
        difference.add(handover, new)
    return difference


@transaction.atomic
def revalue_handovers(*, first_day, last_day, category=None, by, reason):
    """Compute the handovers of the days anew with the factors that now are in force on them.

    `category` limits it to a material and what is below. Rows whose factor and price stay are left
    alone.
    Returns the `Revaluation`. Raises `NothingToRevalue`.
    """
    chosen = _chosen(first_day, last_day, category)
    _lock(chosen)
    revaluation = Revaluation.objects.create(
        category=category,
        first_day=first_day,
        last_day=last_day,
        reason=reason[:300],
        made_by=by,
        handovers=0,
        co2e_change_kg=0,
        value_change_sek=0,
        avoided_change_sek=0,
    )
    difference = Difference()
    pairs = []
    for handover, factor, new in _changes(chosen):
        difference.add(handover, new)
        terms = {
            "kgco2e_per_kg": factor.kgco2e_per_kg,
            "sek_per_kg": factor.sek_per_kg,
            "factor_source": factor.source,
            "factor_source_year": factor.source_year,
        }
        pairs.append((handover, new | terms | {"revaluation_id": revaluation.pk}))
    if not pairs:
        raise errors.NothingToRevalue
    _replace(pairs, by=by, reason=revaluation.reason)
    revaluation.handovers = difference.handovers
    revaluation.co2e_change_kg = difference.change["co2e_kg"]
    revaluation.value_change_sek = difference.change["value_sek"]
    revaluation.avoided_change_sek = difference.change["purchase_avoided_sek"]
    revaluation.save()
    return revaluation


@transaction.atomic
def revert_revaluation(*, revaluation, by, reason):
    """Give the handovers of a revaluation the factors back that they had before it.

    What has been corrected since keeps its corrected kilograms. Revaluations are reverted in
    reverse order. Raises `AlreadyReverted` and `RevertLaterFirst`.
    """
    revaluation = Revaluation.objects.select_for_update().get(pk=revaluation.pk)
    if revaluation.reverted_at:
        raise errors.AlreadyReverted
    if Revaluation.objects.standing().filter(pk__gt=revaluation.pk).exists():
        raise errors.RevertLaterFirst
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
    return revaluation


def _chosen(first_day, last_day, category):
    rows = Handover.objects.standing().in_period(first_day, last_day)
    if category is not None:
        below = MaterialCategory.objects.with_descendants(slugs=[category.slug])
        rows = rows.filter(category__in=below)
    return rows


def _lock(rows):
    """Take the stock of every listing concerned, as corrections do, so that none comes between."""
    listings = rows.order_by().values("listing")
    list(
        Stock.objects.select_for_update()
        .filter(listing__in=listings)
        .order_by("listing_id")
        .values_list("pk")
    )


def _changes(rows):
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


def _valued(handover, kgco2e_per_kg, sek_per_kg):
    new = amounts(
        mass_kg=handover.mass_kg,
        kgco2e_per_kg=kgco2e_per_kg,
        sek_per_kg=sek_per_kg,
        would_have_bought=handover.would_have_bought,
        stated_cost_sek=handover.stated_cost_sek,
    )
    return {key: new[key] for key in VALUES}


def _replace(pairs, *, by, reason):
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
