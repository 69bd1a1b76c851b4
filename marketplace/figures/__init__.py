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
    merged,
    overview,
    summed,
    top_categories,
    totals,
    version,
)
from .periods import Period
from .purchases import bought_and_brokered
from .registry import add_figures, added_figures, computed, computed_together
from .use import (
    active_users,
    ideas,
    other_collaborations,
    ratings,
    response,
    takers,
    use_by_municipality,
    use_in_all,
)

__all__ = [
    "AMOUNTS",
    "FIGURES",
    "PARTIES",
    "Figure",
    "Period",
    "active_users",
    "add_figures",
    "added_figures",
    "bought_and_brokered",
    "by_category",
    "by_giver_municipality",
    "by_month",
    "by_municipality",
    "computed",
    "computed_together",
    "current_factors",
    "goals",
    "grouped",
    "handovers",
    "ideas",
    "merged",
    "other_collaborations",
    "overview",
    "ratings",
    "response",
    "summed",
    "takers",
    "top_categories",
    "totals",
    "use_by_municipality",
    "use_in_all",
    "version",
]
