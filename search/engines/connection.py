"""The way to Elasticsearch, for the settings in force."""

from functools import lru_cache

from django.conf import settings
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import BulkIndexError, ScanError

from search.index.mapping import LANGUAGES
from search.index.models import SearchEntry

# What may happen instead of an answer.
UNSURE = (TransportError, ApiError, BulkIndexError, ScanError)
# Concurrent requests per process; the next one would wait for a free connection.
CONNECTIONS = 64
# Whom a password is for: the user that Elasticsearch comes with.
USER = "elastic"


@lru_cache(maxsize=4)
def _client(url: str, key: str, password: str, timeout: float) -> Elasticsearch:
    return Elasticsearch(
        url,
        api_key=key or None,
        basic_auth=(USER, password) if password and not key else None,
        request_timeout=timeout,
        max_retries=0,
        retry_on_timeout=False,
        connections_per_node=CONNECTIONS,
    )


def client(timeout: float | None = None) -> Elasticsearch:
    """A client that waits for `timeout` seconds, or for as long as a search may take."""
    return _client(
        settings.ELASTICSEARCH_URL,
        settings.ELASTICSEARCH_API_KEY,
        settings.ELASTICSEARCH_PASSWORD,
        timeout or settings.ELASTICSEARCH_TIMEOUT_SECONDS,
    )


def is_configured() -> bool:
    return bool(settings.ELASTICSEARCH_URL)


def alias(language: str) -> str:
    """The name that is asked for texts in `language`; a versioned index is behind it."""
    return f"{settings.ELASTICSEARCH_INDEX_PREFIX}-{language}"


def aliases() -> list[str]:
    return [alias(language) for language in LANGUAGES]


def language_of(entry: SearchEntry) -> str:
    """The language of the index that `entry` belongs in."""
    return entry.language if entry.language in LANGUAGES else LANGUAGES[0]
