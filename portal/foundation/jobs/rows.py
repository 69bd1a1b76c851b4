"""Steps that work row by row: a row that fails is reported, and the rest goes on."""

import logging
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, models, transaction

logger = logging.getLogger(__name__)

_failures: ContextVar[list[str] | None] = ContextVar("failures", default=None)


@contextmanager
def collected_failures():
    """Gather, as a list of sentences, what `for_each_row` could not do inside the block."""
    found: list[str] = []
    token = _failures.set(found)
    try:
        yield found
    finally:
        _failures.reset(token)


def report(what: str, error: Exception) -> None:
    """Log that `what` failed, and add it to the failures that are being collected."""
    logger.error("%s failed: %r", what, error, exc_info=error)
    found = _failures.get()
    if found is not None:
        found.append(f"{what}: {error!r}"[:500])


def _pk(row: object) -> object:
    return row.pk if isinstance(row, models.Model) else row


def for_each_row(rows: models.QuerySet | Iterable, function: Callable) -> int:
    """Call `function` with each row, each in a transaction of its own; returns the sum.

    `rows` is a queryset, of which the primary keys are passed on, or anything iterable. Whatever
    `function` returns counts as a number. Raises only when the database itself is gone.
    """
    step = getattr(function, "func", function).__name__.strip("_").replace("_", " ")
    model = ""
    if isinstance(rows, models.QuerySet):
        model = rows.model._meta.model_name
        rows = rows.values_list("pk", flat=True)
    done = 0
    for row in list(rows):
        try:
            with transaction.atomic():
                done += int(function(row) or 0)
        except Exception as error:
            report(f"{step} {model or type(row).__name__.lower()} {_pk(row)}", error)
            if not connection.in_atomic_block and not connection.is_usable():
                raise
    return done
