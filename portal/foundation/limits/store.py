"""A cache in the database for counters that must be shared by all processes and never thrown out.

Values are JSON: numbers, texts, lists of them. Rows go when their time is over, and not before.
"""

import json
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone


def entries() -> models.QuerySet:
    # Settings name this module, and models cannot be imported before all apps are known.
    from .models import LimitEntry

    return LimitEntry.objects.all()


# One statement each, since a page that is counted writes several.
KEEP = """
    INSERT INTO portal_limitentry (key, value, expires_at) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""
KEEP_UNLESS_STANDING = KEEP + " WHERE portal_limitentry.expires_at <= %s"
REMOVE = "DELETE FROM portal_limitentry WHERE key = %s"


def run(sql: str, *values: Any) -> bool:
    """Run the statement and say whether it has written a row."""
    adapt = connection.ops.adapt_datetimefield_value
    values = tuple(adapt(each) if isinstance(each, datetime) else each for each in values)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount > 0


def standing() -> models.QuerySet:
    """The entries whose time is not over."""
    return entries().filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


class DatabaseStore(BaseCache):
    """Django's cache interface over `LimitEntry`."""

    def __init__(self, location: str, params: dict) -> None:
        super().__init__(params)

    def _expires_at(self, timeout: Any) -> datetime | None:
        seconds = self.get_backend_timeout(timeout)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        row = standing().filter(pk=self.make_and_validate_key(key, version=version))
        return next(iter(row.values_list("value", flat=True)), default)

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        pk = self.make_and_validate_key(key, version=version)
        run(KEEP, pk, json.dumps(value), self._expires_at(timeout))

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep `value` unless there is one already. Of several at the same time one succeeds."""
        pk = self.make_and_validate_key(key, version=version)
        expires_at, now = self._expires_at(timeout), timezone.now()
        return run(KEEP_UNLESS_STANDING, pk, json.dumps(value), expires_at, now)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        row = standing().filter(pk=self.make_and_validate_key(key, version=version))
        return bool(row.update(expires_at=self._expires_at(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        return run(REMOVE, self.make_and_validate_key(key, version=version))

    def clear(self) -> None:
        entries().delete()


def forget_expired() -> int:
    """Remove the counters whose time is over. Returns how many."""
    return entries().filter(expires_at__lte=timezone.now()).delete()[0]
