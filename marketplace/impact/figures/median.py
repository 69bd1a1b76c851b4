"""The median as a database aggregate."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate
from django.db.models.sql.compiler import SQLCompiler


class Median(Aggregate):
    """The middle value, or the mean of the two in the middle; None without values.

    SQLite gets it from `portal.foundation.sqlite`.
    """

    name = "Median"
    function = "MEDIAN"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Sequence[Any]]:
        template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **context)
