"""The figure of material that was offered but not placed."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy

from marketplace.impact.figures.figure import LISTINGS, Figure, Values
from marketplace.impact.figures.periods import Period
from marketplace.municipalities.models import Municipality
from marketplace.offers.unplaced.models import Unplaced

FIGURES = [
    Figure(
        "unplaced_kg",
        gettext_lazy("Offered but not placed"),
        "kg",
        gettext_lazy(
            "Kilograms that nobody had taken when their time was over and that went elsewhere, as "
            "the giver said. Counted in the giver's municipality, on the day of the answer."
        ),
        decimals=3,
        source=LISTINGS,
        public=True,
    )
]


def by_place(
    *, period: Period, municipalities: Collection[int | None] | None = None
) -> dict[int | None, Values]:
    """Return {municipality's pk: {key: value}} of `FIGURES`."""
    sums = dict(
        _gone(period, municipalities)
        .order_by()
        .values_list("listing__organisation__municipality")
        .annotate(Sum("mass_kg"))
    )
    return {
        place: {"unplaced_kg": round(sums.get(place) or Decimal(0), 3)}
        for place in Municipality.objects.pks(municipalities)
    }


def together(*, period: Period, municipalities: Collection[int | None] | None = None) -> Values:
    """Return {key: value} of `FIGURES`, for the municipalities together."""
    total = _gone(period, municipalities).aggregate(sum=Sum("mass_kg"))["sum"]
    return {"unplaced_kg": round(total or Decimal(0), 3)}


def _gone(period: Period, municipalities: Collection[int | None] | None) -> QuerySet[Unplaced]:
    found = Unplaced.objects.filter(
        answer=Unplaced.Answer.GONE,
        answered_on__gte=period.start,
        answered_on__lte=period.end,
    )
    if municipalities is None:
        return found
    here = [each for each in municipalities if each is not None]
    return found.filter(listing__organisation__municipality__in=here)
