"""Bringing all rows from one database to another kind of database, and comparing them after."""

from collections.abc import Iterator

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction

SOURCE, TARGET = "default", "target"
BATCH = 500
# Indices that each kind of database builds in its own way; they are made again afterwards.
REBUILT = {"wagtailsearch.indexentry", "wagtailsearch.sqliteftsindexentry"}


class Differs(Exception):
    """What is in the target is not what is in the source."""


class NotEmpty(Exception):
    """The target holds people already."""


def connect(config: dict) -> None:
    """Make the database described by `config` known as the target."""
    settings = connections.configure_settings({SOURCE: {}, TARGET: config})
    connections.settings[TARGET] = settings[TARGET]


def moved_models() -> list[type[models.Model]]:
    """Every model with a table of its own."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in REBUILT
    ]


def columns(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def rows(model: type[models.Model], alias: str) -> Iterator[tuple]:
    """The rows of a model's own table, by key, as Python values."""
    names = [field.attname for field in columns(model)]
    rows: models.QuerySet = models.QuerySet(model, using=alias)
    found = rows.order_by("pk").values_list(*names)
    return found.iterator(chunk_size=BATCH)


def move() -> dict[str, int]:
    """Copy everything to the target, all or nothing; returns {model: rows}. Raises `NotEmpty`.

    The target has today's schema. Its constraints are checked when all rows are there.
    """
    user = apps.get_model("portal", "User")
    if user._base_manager.using(TARGET).exists():
        raise NotEmpty
    with transaction.atomic(using=TARGET):
        empty()
        moved = {model._meta.label: copy(model) for model in moved_models()}
        reset_sequences()
    compare()
    return moved


def empty() -> None:
    """Remove what migrations have put into the target: the source has its own."""
    target = connections[TARGET]
    tables = ", ".join(target.ops.quote_name(model._meta.db_table) for model in moved_models())
    with target.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def copy(model: type[models.Model]) -> int:
    names = [field.attname for field in columns(model)]
    batch, count = [], 0
    for row in rows(model, SOURCE):
        batch.append(model(**dict(zip(names, row, strict=True))))
        if len(batch) == BATCH:
            count += insert(model, batch)
            batch = []
    return count + insert(model, batch)


def insert(model: type[models.Model], batch: list[models.Model]) -> int:
    """Write rows as they are: no signals, no dates of today, no rows of parents."""
    if batch:
        query = models.sql.InsertQuery(model)
        query.insert_values(columns(model), batch, raw=True)
        query.get_compiler(using=TARGET).execute_sql(None)
    return len(batch)


def reset_sequences() -> None:
    target = connections[TARGET]
    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), moved_models()):
            cursor.execute(statement)


def compare() -> None:
    """Compare every row of every table. Raises `Differs` with the first that is another."""
    for model in moved_models():
        ours, theirs = rows(model, SOURCE), rows(model, TARGET)
        for number, row in enumerate(ours, start=1):
            if row != (found := next(theirs, None)):
                raise Differs(f"{model._meta.label}, row {number}: {row} became {found}")
        if next(theirs, None) is not None:
            raise Differs(f"{model._meta.label} has more rows than before.")
