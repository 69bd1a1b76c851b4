"""Asks Elasticsearch, and the database when that does not answer."""

from . import database_engine, elasticsearch_engine
from .engine import EngineUnavailable


def answer(query):
    """The `SearchResult` for a `SearchQuery`, from whichever engine is there."""
    try:
        return elasticsearch_engine.search(query)
    except EngineUnavailable:
        return database_engine.search(query)


def suggest(query):
    """The keys of entries whose title fits what has been typed, from whichever engine is there."""
    try:
        return elasticsearch_engine.suggest(query)
    except EngineUnavailable:
        return database_engine.suggest(query)
