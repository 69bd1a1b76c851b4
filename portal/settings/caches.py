"""Where things are kept for a while: pages and figures in one store, counters in another."""

from django.core.exceptions import ImproperlyConfigured

TOLERANT = {
    "django.core.cache.backends.redis.RedisCache": "portal.foundation.caching.TolerantRedisCache",
    "django.core.cache.backends.memcached.PyMemcacheCache": (
        "portal.foundation.caching.TolerantMemcache"
    ),
}
# A server that is away is noticed in so many seconds, not in minutes.
QUICK = {"socket_connect_timeout": 1, "socket_timeout": 1}
STORES: dict[str, dict] = {
    "database": {"BACKEND": "portal.foundation.limits.store.DatabaseStore"},
    # One process only. The bound is far above what one can count in its longest period.
    "memory": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "limits",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}


def tolerant(cache: dict, *, password: str = "") -> dict:
    """The configuration `cache` with a backend that the site does without while it is away.

    `password` may have any characters, which one in an address may not.
    """
    backend = TOLERANT.get(cache["BACKEND"], cache["BACKEND"])
    options = dict(cache.get("OPTIONS", {}))
    if backend.endswith("TolerantRedisCache"):
        options = QUICK | ({"password": password} if password else {}) | options
    return cache | {"BACKEND": backend, "OPTIONS": options}


def pages(cache: dict, password: str = "") -> dict:
    """The configuration `cache` for whole pages: with room for them, apart from everything else."""
    options = cache.get("OPTIONS", {})
    if cache["BACKEND"].endswith("LocMemCache"):
        # About 60 kB each.
        return cache | {"LOCATION": "pages", "OPTIONS": options | {"MAX_ENTRIES": 500}}
    return tolerant(cache | {"KEY_PREFIX": "pages"}, password=password)


def limits(store: str) -> dict:
    """The configuration of the store of the limits: `database` or `memory`."""
    try:
        return STORES[store]
    except KeyError:
        raise ImproperlyConfigured("LIMITS_STORE must be database or memory.") from None
