"""The way to Elasticsearch, for the settings in force."""

from functools import lru_cache

from django.conf import settings
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import BulkIndexError, ScanError

from .documents import LANGUAGES

# What may happen instead of an answer.
UNSURE = (TransportError, ApiError, BulkIndexError, ScanError)
# So many may ask at once in a process; whoever comes then would wait for one of them to be done.
CONNECTIONS = 64


@lru_cache(maxsize=4)
def _client(url, key, timeout):
    return Elasticsearch(
        url,
        api_key=key or None,
        request_timeout=timeout,
        max_retries=0,
        retry_on_timeout=False,
        connections_per_node=CONNECTIONS,
    )


def client(timeout=None):
    """A client that waits for `timeout` seconds, or for as long as a search may take."""
    return _client(
        settings.ELASTICSEARCH_URL,
        settings.ELASTICSEARCH_API_KEY,
        timeout or settings.ELASTICSEARCH_TIMEOUT_SECONDS,
    )


def is_configured():
    return bool(settings.ELASTICSEARCH_URL)


def alias(language):
    """The name that is asked for texts in `language`; a versioned index is behind it."""
    return f"{settings.ELASTICSEARCH_INDEX_PREFIX}-{language}"


def aliases():
    return [alias(language) for language in LANGUAGES]


def language_of(entry):
    """The language of the index that `entry` belongs in."""
    return entry.language if entry.language in LANGUAGES else LANGUAGES[0]
