"""Split a year's running cost between the municipalities, to the öre."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from marketplace.impact.costs.models import CostSharing
from marketplace.impact.figures.ledger import grouped, handovers
from marketplace.impact.figures.periods import Period
from marketplace.municipalities.models import Municipality


@dataclass(frozen=True)
class Share:
    """A municipality's share of the cost: its weight, and what it pays in SEK."""

    municipality: Municipality
    population: int
    mass_kg: Decimal
    fixed_sek: Decimal
    rest_sek: Decimal
    cost_sek: Decimal


def cost_shares(sharing: CostSharing, municipalities: Sequence[Municipality]) -> list[Share]:
    """Return the `Share` of each paying municipality, ordered by official code.

    `municipalities` pay when `sharing` names none. The fixed part is shared equally, and the rest
    by population or by kilograms received in the year (equally if all weights are 0). Amounts are
    rounded down to öre; the öre left over go to the largest remainders, lowest code first, so that
    the shares always add up to the cost.
    """
    paying = sorted(list(sharing.municipalities.all()) or municipalities, key=lambda m: m.code)
    rows = handovers(period=Period.year(sharing.year), municipalities=paying)
    sums = grouped(rows, "receiver_municipality")
    masses = {each.pk: sums[each.pk]["mass_kg"] if each.pk in sums else 0 for each in paying}
    if sharing.basis == CostSharing.Basis.MASS:
        weights = [masses[each.pk] for each in paying]
    else:
        weights = [each.population for each in paying]
    fixed, whole = ore(sharing.fixed_sek), ore(sharing.cost_sek)
    parts = divided(fixed, [1] * len(paying)), divided(whole - fixed, weights)
    exact = [one + other for one, other in zip(*parts, strict=True)]
    return [
        Share(
            municipality=each,
            population=each.population,
            mass_kg=Decimal(masses[each.pk]),
            fixed_sek=sek(fixed_part),
            rest_sek=sek(pays - fixed_part),
            cost_sek=sek(pays),
        )
        for each, pays, fixed_part in zip(
            paying, whole_ore(exact, whole), whole_ore(parts[0], fixed), strict=True
        )
    ]


def divided(amount: int, weights: Sequence[Decimal | int]) -> list[Fraction]:
    """Split `amount` exactly in proportion to `weights`, or equally when all are 0."""
    if not any(weights):
        weights = [1] * len(weights)
    total = sum(Fraction(weight) for weight in weights)
    return [Fraction(amount) * Fraction(weight) / total for weight in weights]


def whole_ore(fractions: Sequence[Fraction], total: int) -> list[int]:
    """Round `fractions` to whole numbers that add up to `total`, each off by less than 1."""
    if not fractions:
        return []
    down = [int(each) for each in fractions]
    left = total - sum(down)
    order = sorted(range(len(down)), key=lambda n: (down[n] - fractions[n], n))
    for n in order[:left]:
        down[n] += 1
    return down


def ore(amount: Decimal) -> int:
    return int(amount * 100)


def sek(amount: int) -> Decimal:
    return Decimal(amount) / 100
