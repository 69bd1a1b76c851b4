"""The climate effect gross and net: derived from the ledger, which is not changed by it.

Method 2. Gross is what the ledger holds: kilograms × the factor of the day, as if every kilogram
had replaced a new one. Net counts only what did replace something, by the receivers' answers (yes
1, partly ½, no 0), and takes off what the vehicles emitted. Where nobody has answered, the
receiver's municipality's own rate is used: the mean of all answers there, with the 95 % interval
of Wilson's score for as many answers; without any the rate is ½, and may be anything from 0 to 1.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Any, TypeAlias

from django.db.models import DecimalField, F, Q, Sum
from django.db.models.functions import Coalesce, TruncMonth

from marketplace.exchange.handovers.models import Handover
from marketplace.impact.figures.figure import Values
from marketplace.impact.figures.ledger import SUMS, Rows, sums_by, tidy
from marketplace.materials.units import GRAM, rounded
from marketplace.transport.models import Drive
from portal.foundation.page_cache.values import kept

METHOD_VERSION = "2"
# The figures of `Climate.values`.
CLIMATE_KEYS = [
    "co2e_net_kg",
    "co2e_net_low_kg",
    "co2e_net_high_kg",
    "transport_co2e_kg",
    "transport_km",
]
# Of the normal distribution, for 95 %.
WILSON_Z = 1.96
ZERO = Decimal(0)
COUNTED = {"handovers": SUMS["handovers"]}
GROSS = {"co2e_kg": SUMS["co2e_kg"]}
# What decides how much of a handover replaced something new.
ASKED_FOR_CLIMATE = ("receiver_municipality", "would_have_bought")
# {values of what was asked for: kg CO2e}.
Gross: TypeAlias = dict[tuple, Decimal]


@dataclass(frozen=True)
class Rate:
    """The displaced share to assume without an answer, its range, and the number of answers."""

    low: Decimal = ZERO
    middle: Decimal = Decimal("0.5")
    high: Decimal = Decimal(1)
    answers: int = 0


# {receiver's municipality's pk: the rate there}.
Rates: TypeAlias = Mapping[int, Rate]


@dataclass(frozen=True)
class Climate:
    """Kilograms of CO2e avoided, and the kilometres driven to get there."""

    gross: Decimal = ZERO
    displaced_low: Decimal = ZERO
    displaced: Decimal = ZERO
    displaced_high: Decimal = ZERO
    transport: Decimal = ZERO
    km: Decimal = ZERO
    km_without_factor: Decimal = ZERO
    version: str = METHOD_VERSION

    @property
    def low(self) -> Decimal:
        return self.displaced_low - self.transport

    @property
    def net(self) -> Decimal:
        return self.displaced - self.transport

    @property
    def high(self) -> Decimal:
        return self.displaced_high - self.transport

    def __add__(self, other: "Climate") -> "Climate":
        return Climate(
            self.gross + other.gross,
            self.displaced_low + other.displaced_low,
            self.displaced + other.displaced,
            self.displaced_high + other.displaced_high,
            self.transport + other.transport,
            self.km + other.km,
            self.km_without_factor + other.km_without_factor,
        )

    @property
    def values(self) -> dict[str, Decimal]:
        """{key of a figure: its value}."""
        amounts = (self.net, self.low, self.high, self.transport, self.km)
        return dict(zip(CLIMATE_KEYS, amounts, strict=True))


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return the Wilson score interval of `share`, observed `count` times."""
    if not count:
        return 0, 1
    z2 = WILSON_Z**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    spread = sqrt(share * (1 - share) / count + z2 / (4 * count**2)) * WILSON_Z / (1 + z2 / count)
    return max(0.0, middle - spread), min(1.0, middle + spread)


def rates() -> dict[int, Rate]:
    """Return {receiver's municipality: Rate}, from all answers that have not been reversed."""
    counts: dict[int, int] = defaultdict(int)
    sums: dict[int, Decimal] = defaultdict(Decimal)
    # A reversal has the answer of the row that it takes back, and counts as one less.
    for row in sums_by(Rows(), ["receiver_municipality", "would_have_bought"], COUNTED):
        if answer := row["would_have_bought"]:
            counts[row["receiver_municipality"]] += row["handovers"]
            sums[row["receiver_municipality"]] += row["handovers"] * Handover.AVOIDED_SHARE[answer]
    return {place: _rate(sums[place] / count, count) for place, count in counts.items() if count}


def _rate(share: Decimal, count: int) -> Rate:
    low, high = wilson(float(share), count)
    step = Decimal("0.0001")
    return Rate(rounded(str(low), step), rounded(share, step), rounded(str(high), step), count)


def climate_by(rows: Rows, *fields: str, known: Rates | None = None) -> dict[Any, Climate]:
    """Return {value of the field, or tuple of several: Climate}, grouped as `ledger.grouped`.

    Every climate figure shown anywhere comes from here.
    """
    asked = list(dict.fromkeys([*fields, *ASKED_FOR_CLIMATE]))
    gross: Gross = defaultdict(Decimal)
    # Shares are rounded, so all that is of one place and answer is added up first.
    for row in sums_by(rows, asked, GROSS):
        gross[tuple(row[name] for name in asked)] += rounded(row["co2e_kg"] or ZERO, GRAM)
    return _net(rows, fields, asked, gross, rates() if known is None else known)


def sums_and_climate_by(rows: Rows, field: str) -> dict[Any, Values]:
    """Return {value of the field: `SUMS` and climate figures}, reading the ledger once.

    For fields that are not among `MonthSum.FIELDS`, by which every row must be read.
    """
    return kept(
        "sums_and_climate", lambda: _sums_and_climate_by(rows, field), rows.ledger().query, field
    )


def _sums_and_climate_by(rows: Rows, field: str) -> dict[Any, Values]:
    asked = [field, *ASKED_FOR_CLIMATE]
    gross: Gross = defaultdict(Decimal)
    found: dict[Any, Values] = {}
    for row in sums_by(rows, asked, SUMS):
        sums, known = tidy(row), found.get(row[field])
        found[row[field]] = {key: sums[key] + (known[key] if known else 0) for key in SUMS}
        gross[tuple(row[name] for name in asked)] += rounded(sums["co2e_kg"], GRAM)
    climate = _net(rows, (field,), asked, gross, rates())
    return {key: sums | climate[key].values for key, sums in found.items()}


def _net(
    rows: Rows, fields: tuple[str, ...], asked: Sequence[str], gross: Gross, known: Rates
) -> dict[Any, Climate]:
    """Return {value of the fields: Climate} from {values of what was `asked`: kg CO2e}."""
    found: dict[Any, Climate] = {}
    for values, sum_ in gross.items():
        row = dict(zip(asked, values, strict=True))
        chosen = tuple(row[name] for name in fields)
        key = chosen[0] if len(fields) == 1 else chosen
        rate = known.get(row["receiver_municipality"], Rate())
        found[key] = found.get(key, Climate()) + displaced(sum_, row["would_have_bought"], rate)
    for key, driven in _driven(rows, fields):
        found[key] = found.get(key, Climate()) + driven
    return found


def climate_by_municipality(rows: Rows, *, known: Rates | None = None) -> dict[int, Climate]:
    """Return {receiver's municipality: Climate}; these add up to `climate`."""
    return climate_by(rows, "receiver_municipality", known=known)


def displaced(gross: Decimal, answer: str, rate: Rate) -> Climate:
    """Return how much of `gross` replaced something new, with its low and high bounds."""
    gross = rounded(gross, GRAM)
    if answer:
        share = Handover.AVOIDED_SHARE[Handover.WouldHaveBought(answer)]
        part = rounded(gross * share, GRAM)
        return Climate(gross, part, part, part)
    parts = (rounded(gross * share, GRAM) for share in (rate.low, rate.middle, rate.high))
    return Climate(gross, *parts)


def _driven(rows: Rows, fields: tuple[str, ...]) -> Iterator[tuple[Any, Climate]]:
    """Yield (value of the fields, kilometres driven and emissions) per group."""
    paths = ["month" if name == "month" else f"handover__{name}" for name in fields]
    amount = DecimalField(max_digits=14, decimal_places=7)
    sums = (
        Drive.objects.filter(handover__in=rows.ledger())
        .order_by()
        .annotate(month=TruncMonth("handover__handed_over_on"))
        .values_list(*paths)
        .annotate(
            driven=Sum("km"),
            given_off=Coalesce(Sum(F("km") * F("kgco2e_per_km"), output_field=amount), ZERO),
            without=Coalesce(Sum("km", filter=Q(kgco2e_per_km=None)), ZERO),
        )
    )
    for *values, driven, given_off, without in sums:
        yield (
            values[0] if len(fields) == 1 else tuple(values),
            Climate(
                transport=rounded(str(given_off), GRAM),
                km=rounded(str(driven), GRAM),
                km_without_factor=rounded(str(without), GRAM),
            ),
        )


def together(parts: Iterable[Climate]) -> Climate:
    whole = Climate()
    for part in parts:
        whole += part
    return whole


def climate(rows: Rows) -> Climate:
    """Return the climate effect of all `rows` together."""
    return together(climate_by_municipality(rows).values())
