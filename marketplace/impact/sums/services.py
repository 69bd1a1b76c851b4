"""Bringing the sums of months up to the ledger. Figures are right before, between and after."""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Max
from django.db.models.functions import TruncMonth

from marketplace.exchange.handovers.models import Handover, HandoverQuerySet
from marketplace.impact.figures.figure import Values
from marketplace.impact.figures.ledger import AMOUNTS, ASKED, tidy
from marketplace.impact.sums.models import MonthSum, SumsMark

logger = logging.getLogger(__name__)

WAIT = "1s"


def count_ledger() -> int:
    """Add the rows that came since the last time to the sums; returns how many rows that were.

    While somebody else writes to the ledger for longer than a moment, it waits for the next time.
    """
    try:
        last = _last_settled()
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "55P03":
            raise
        logger.info("The ledger is being written; its sums are brought up next time.")
        return 0
    return _count_to(last)


@transaction.atomic
def _last_settled() -> int:
    """The last row of the ledger, below which none can turn up any more."""
    _wait_for_writers()
    return Handover.objects.aggregate(last=Max("pk"))["last"] or 0


@transaction.atomic
def _count_to(last: int) -> int:
    """Add the rows up to `last`. Nobody waits for it: they do not change."""
    mark = _lock_mark()
    rows = Handover.objects.filter(pk__gt=mark.last_row, pk__lte=last)
    number = rows.count()
    if number:
        _add(_cells(rows))
        mark.last_row = last
        mark.save()
    return number


def _wait_for_writers() -> None:
    """Let no row be on its way that is numbered below one that can be seen already.

    A number is given while its row is written, which this lock excludes until the transaction ends.
    """
    # SQLite has one writer at a time.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
            cursor.execute(f'LOCK TABLE "{Handover._meta.db_table}" IN SHARE MODE')
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def _lock_mark() -> SumsMark:
    SumsMark.objects.get_or_create(pk=1)
    return SumsMark.objects.select_for_update().get(pk=1)


def _cells(rows: HandoverQuerySet) -> dict[tuple, Values]:
    """{values of `MonthSum.FIELDS`: sums} of rows of the ledger."""
    groups = rows.order_by().annotate(month=TruncMonth("handed_over_on"))
    found = {}
    for group in groups.values(*MonthSum.FIELDS).annotate(**ASKED):
        key = tuple(group.pop(name) for name in MonthSum.FIELDS)
        found[key] = tidy(group)
    return found


def _key(cell: MonthSum) -> tuple:
    return (
        cell.month,
        cell.receiver_municipality_id,
        cell.category_id,
        cell.would_have_bought,
    )


def _add(cells: Mapping[tuple, Values]) -> None:
    known = {
        _key(cell): cell
        for cell in MonthSum.objects.filter(month__in={month for month, *_rest in cells})
    }
    new, changed = [], []
    for key, sums in cells.items():
        cell = known.get(key)
        if cell is None:
            month, place, category, answer = key
            new.append(
                MonthSum(
                    month=month,
                    receiver_municipality_id=place,
                    category_id=category,
                    would_have_bought=answer,
                    **sums,
                )
            )
            continue
        for name, value in sums.items():
            setattr(cell, name, getattr(cell, name) + value)
        changed.append(cell)
    MonthSum.objects.bulk_create(new, batch_size=1000)
    MonthSum.objects.bulk_update(changed, list(AMOUNTS), batch_size=500)


@transaction.atomic
def forget_sums() -> None:
    """Count nothing, until the next time: figures then read the ledger itself."""
    mark = _lock_mark()
    MonthSum.objects.all().delete()
    mark.last_row = 0
    mark.save()


def compare_sums() -> str:
    """Add up all counted rows again, and rebuild them where the sums say something else."""
    with transaction.atomic():
        mark = _lock_mark()
        counted = _cells(Handover.objects.filter(pk__lte=mark.last_row))
        kept: dict[tuple, dict[str, Any]] = {
            _key(cell): {name: getattr(cell, name) for name in AMOUNTS}
            for cell in MonthSum.objects.all()
        }
        if kept == counted:
            return f"{len(kept)} right"
        logger.error("The sums of months were not those of the ledger; they are rebuilt.")
        forget_sums()
    count_ledger()
    return "rebuilt"
