"""Asks Elasticsearch, and the database when that does not answer."""

from portal.foundation.page_cache.versions import note_read
from search.engines import database as engines_database
from search.engines import elasticsearch as engines_elasticsearch
from search.engines.base import EngineUnavailable, SearchQuery, SearchResult
from search.engines.elasticsearch import search


def answer(query: SearchQuery) -> SearchResult:
    """The `SearchResult` for a `SearchQuery`, from whichever engine is there."""
    # Of which Elasticsearch has its own copy, and memory the words and places.
    note_read("material", "pages")
    try:
        return search(query)
    except EngineUnavailable:
        return engines_database.search(query)


def suggest(query: SearchQuery) -> list[int]:
    """The keys of entries whose title fits what has been typed, from whichever engine is there."""
    try:
        return engines_elasticsearch.suggest(query)
    except EngineUnavailable:
        return engines_database.suggest(query)
