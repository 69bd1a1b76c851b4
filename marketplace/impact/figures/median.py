"""The middle one of many values, found by the database."""

from statistics import median

from django.db.backends.signals import connection_created
from django.db.models import Aggregate
from django.dispatch import receiver


class Median(Aggregate):
    """The middle value, or the mean of the two in the middle; None of nothing."""

    name = "Median"
    function = "MEDIAN"

    def as_postgresql(self, compiler, connection, **context):
        template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **context)


class SQLiteMedian:
    """SQLite has no median of its own."""

    def __init__(self):
        self.values = []

    def step(self, value):
        if value is not None:
            self.values.append(value)

    def finalize(self):
        return median(self.values) if self.values else None


@receiver(connection_created)
def register_sqlite_functions(connection, **kwargs):
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("MEDIAN", 1, SQLiteMedian)
