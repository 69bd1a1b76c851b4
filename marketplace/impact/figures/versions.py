"""Whether a figure may have changed, for caches and ETags."""

from typing import Any

from django.db.models import Aggregate, Count, Manager, Max, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast

from marketplace.exchange.handovers.models import Handover
from marketplace.municipalities.models import MunicipalityGoal
from marketplace.organisations.models import Organisation
from marketplace.transport.models import Drive


def version() -> str:
    """Return a string that changes whenever a figure may have changed, for caches and ETags.

    The ledger is append-only, so its last row identifies its state. Figures also change when
    organisations are merged, goals are edited or kilometres are shared out.
    """
    last = Handover.objects.order_by("-pk").values("pk")[:1]
    marks = [
        _mark("row", Handover.objects.filter(pk=last), Max("pk"), Max("recorded_at")),
        _mark("merged", Organisation.objects.exclude(merged_into=None), Count("pk"), Max("pk")),
        _mark("goals", MunicipalityGoal.objects, Count("pk"), Sum("kg")),
        # Kilometres are shared again with every stop.
        _mark("drives", Drive.objects, Max("pk"), Sum("km")),
    ]
    return "-".join(
        f"{name}:{one or 0}:{other or 0}".replace(" ", "_")
        for name, one, other in sorted(marks[0].union(*marks[1:], all=True))
    )


def _mark(
    name: str, rows: QuerySet[Any] | Manager[Any], *aggregates: Aggregate
) -> QuerySet[Any, tuple[str, str | None, str | None]]:
    """Return two aggregates of `rows` as text, so that all kinds fit into one query."""
    one, other = (Cast(each, TextField()) for each in aggregates)
    named = rows.order_by().values(kind_of_mark=Value(name, output_field=TextField()))
    marked = named.annotate(first_mark=one, second_mark=other)
    return marked.values_list("kind_of_mark", "first_mark", "second_mark")
