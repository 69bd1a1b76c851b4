"""Keeps what takes long to compute, until something in the database changes."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone

from . import versions

Value = TypeVar("Value")
# Nothing is kept when it has become old, so the time only bounds how much there is.
KEPT_SECONDS = 3600


def kept(
    name: str, compute: Callable[[], Value], *asked: Any, seconds: int = KEPT_SECONDS
) -> Value:
    """Return what `compute` gives; what it gave before, while no row has changed since.

    `asked` is all that the value depends on besides the database, as things that `str` tells
    apart. Rows of tables that are `versions.QUIET` must not be among what it reads.
    """
    if not settings.PAGE_CACHE_SECONDS or versions.is_raised_later():
        return compute()
    digest = hashlib.blake2b("\n".join(map(str, asked)).encode(), digest_size=16).hexdigest()
    key = f"value:{name}:{digest}:{timezone.localdate():%Y%m%d}:{versions.current()}"
    return cast(Value, caches["pages"].get_or_set(key, compute, seconds))
