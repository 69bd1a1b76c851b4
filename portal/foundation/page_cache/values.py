"""Keeps what takes long to compute, until something in the database changes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone

from . import versions

Value = TypeVar("Value")
# Nothing is kept when it has become old, so the time only bounds how much there is.
KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Kept:
    """A value, and the numbers of what it was read from, as they were before that."""

    value: Any
    numbers: versions.Numbers


def kept(
    name: str,
    compute: Callable[[], Value],
    *asked: Any,
    seconds: int = KEPT_SECONDS,
    of_what_was_read: bool = False,
) -> Value:
    """Return what `compute` gives; what it gave before, while nothing that it read has changed.

    `asked` is all that the value depends on besides what `compute` reads of the database, as things
    that `str` tells apart; with `of_what_was_read` it is made of rows, too, that the request has
    read before. Rows of tables that are `versions.QUIET` must not be among what it reads.
    """
    if not settings.PAGE_CACHE_SECONDS or versions.is_raised_later():
        return compute()
    digest = hashlib.blake2b("\n".join(map(str, asked)).encode(), digest_size=16).hexdigest()
    key = f"value:{name}:{digest}:{timezone.localdate():%Y%m%d}"
    found = caches["pages"].get(key)
    if found is not None and versions.still_hold(found.numbers):
        versions.note_read(*found.numbers)
        return cast(Value, found.value)
    with versions.read_numbers(all_so_far=of_what_was_read) as numbers:
        value = compute()
    caches["pages"].set(key, Kept(value, numbers), seconds)
    return value
