"""Caches that the site does without while their server is away: slower, and nothing closes.

And the stamp by which processes see that what they keep in memory is old.
"""

import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.core.cache.backends.memcached import PyMemcacheCache
from django.core.cache.backends.redis import RedisCache
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

logger = logging.getLogger(__name__)

# Seconds to leave a silent server alone, so that visitors do not wait for it.
LEFT_ALONE_SECONDS = 5


def _tolerant(name: str, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """The method `name` of the cache below, or the answer of `otherwise` while it is away."""

    def method(self: "TolerantMixin", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.away_until:
            try:
                return getattr(super(TolerantMixin, self), name)(*args, **kwargs)
            except (ValueError, TypeError):
                # The caller's: a key that is not there, a value that cannot be kept.
                raise
            except Exception:
                self.away_until = time.monotonic() + LEFT_ALONE_SECONDS
                logger.warning("The cache does not answer; going on without it.", exc_info=True)
        return otherwise(*args, **kwargs)

    method.__name__ = name
    return method


def _missing(key: str, *args: Any, **kwargs: Any) -> int:
    raise ValueError(f"Key {key!r} not found")


class TolerantMixin:
    """Answers as an empty cache while the server is away."""

    away_until = 0.0

    get = _tolerant("get", lambda key, default=None, version=None: default)
    get_many = _tolerant("get_many", lambda keys, version=None: {})
    has_key = _tolerant("has_key", lambda key, version=None: False)
    set = _tolerant("set", lambda *args, **kwargs: None)
    set_many = _tolerant("set_many", lambda data, *args, **kwargs: list(data))
    # True, as the first who asks would get: nobody waits for a lock that nobody holds.
    add = _tolerant("add", lambda *args, **kwargs: True)
    touch = _tolerant("touch", lambda *args, **kwargs: False)
    incr = _tolerant("incr", _missing)
    delete = _tolerant("delete", lambda *args, **kwargs: False)
    delete_many = _tolerant("delete_many", lambda *args, **kwargs: None)
    clear = _tolerant("clear", lambda: False)

    def answers(self) -> bool:
        """Whether the server is there now."""
        self.get("health")
        return time.monotonic() >= self.away_until


class TolerantRedisCache(TolerantMixin, RedisCache):
    pass


class TolerantMemcache(TolerantMixin, PyMemcacheCache):
    pass


class Stamp:
    """The version of what every process keeps in memory. Each reads its own again when it is new.

    A process whose cache is its own alone goes on with the old for `seconds` at most.
    """

    def __init__(self, key: str, *, seconds: int) -> None:
        self.key, self.seconds = key, seconds

    def current(self) -> str:
        return str(cache.get_or_set(self.key, lambda: uuid4().hex, self.seconds))

    def renew(self, **kwargs: Any) -> None:
        """Let it be read again: also as a signal handler."""
        cache.delete(self.key)

    def follow(self, model: type[Model]) -> None:
        """Renew it whenever a row of `model` is saved or deleted."""
        for signal in (post_save, post_delete):
            signal.connect(self.renew, sender=model, dispatch_uid=self.key)
