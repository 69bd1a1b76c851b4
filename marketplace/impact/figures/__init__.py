"""The key figures. `definitions` defines them; the other modules compute them.

rows = handovers(period=Period.year(2026), municipalities=[klippan])
totals(rows)["mass_kg"], by_month(rows), by_category(rows)
"""

from marketplace.impact.figures.climate import (
    CLIMATE_KEYS,
    METHOD_VERSION,
    Climate,
    climate,
    climate_by,
    climate_by_municipality,
    sums_and_climate_by,
)
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.figure import Figure
from marketplace.impact.figures.ledger import (
    AMOUNTS,
    amounts,
    by_category,
    by_giver_municipality,
    by_month,
    by_municipality,
    current_factors,
    goal_together,
    goals,
    grouped,
    handovers,
    overview,
    percent_of_goal,
    received_in,
    summed,
    totals,
)
from marketplace.impact.figures.parties import PARTIES, merged
from marketplace.impact.figures.periods import Period
from marketplace.impact.figures.purchases import bought_and_brokered
from marketplace.impact.figures.registry import (
    add_figures,
    added_figures,
    computed,
    computed_together,
)
from marketplace.impact.figures.use import (
    active_users,
    ideas,
    other_collaborations,
    ratings,
    response,
    takers,
    use_by_municipality,
    use_in_all,
    use_of_each_and_all,
)
from marketplace.impact.figures.versions import version

__all__ = [
    "AMOUNTS",
    "CLIMATE_KEYS",
    "FIGURES",
    "METHOD_VERSION",
    "PARTIES",
    "Climate",
    "Figure",
    "Period",
    "active_users",
    "add_figures",
    "added_figures",
    "amounts",
    "bought_and_brokered",
    "by_category",
    "by_giver_municipality",
    "by_month",
    "by_municipality",
    "climate",
    "climate_by",
    "climate_by_municipality",
    "computed",
    "computed_together",
    "current_factors",
    "goal_together",
    "goals",
    "grouped",
    "handovers",
    "ideas",
    "merged",
    "other_collaborations",
    "overview",
    "percent_of_goal",
    "ratings",
    "received_in",
    "response",
    "summed",
    "sums_and_climate_by",
    "takers",
    "totals",
    "use_by_municipality",
    "use_in_all",
    "use_of_each_and_all",
    "version",
]
