"""What PostgreSQL has built in and SQLite is given for each connection."""

from statistics import median
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from portal.foundation.collation import SWEDISH, compare


class Median:
    """The middle value, or the mean of the two in the middle; None without values."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: float | None) -> None:
        if value is not None:
            self.values.append(value)

    def finalize(self) -> float | None:
        return median(self.values) if self.values else None


def register_functions(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """For `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(SWEDISH, compare)
        connection.connection.create_aggregate("MEDIAN", 1, Median)
