"""The key figures. `definitions` says what each means; the rest computes them.

rows = handovers(period=Period.year(2026), municipalities=[klippan])
totals(rows)["mass_kg"], by_month(rows), by_category(rows)
"""

from .definitions import FIGURES, Figure
from .ledger import (
    AMOUNTS,
    PARTIES,
    by_category,
    by_giver_municipality,
    by_month,
    by_municipality,
    current_factors,
    goals,
    grouped,
    handovers,
    top_categories,
    totals,
    version,
)
from .periods import Period
from .purchases import bought_and_brokered
from .use import active_users, ideas, ratings, response, takers

__all__ = [
    "AMOUNTS",
    "FIGURES",
    "PARTIES",
    "Figure",
    "Period",
    "active_users",
    "bought_and_brokered",
    "by_category",
    "by_giver_municipality",
    "by_month",
    "by_municipality",
    "current_factors",
    "goals",
    "grouped",
    "handovers",
    "ideas",
    "ratings",
    "response",
    "takers",
    "top_categories",
    "totals",
    "version",
]
