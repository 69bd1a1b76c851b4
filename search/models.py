"""Gathers the models of every subject, so that Django finds them."""

from search.index.models import SearchEntry, SearchWord
from search.intentions.models import Intention
from search.saved.models import MatchedEntry, SavedSearch, SavedSearchHit
from search.statistics.models import SearchCount
from search.synonyms.models import Synonym

__all__ = [
    "Intention",
    "MatchedEntry",
    "SavedSearch",
    "SavedSearchHit",
    "SearchCount",
    "SearchEntry",
    "SearchWord",
    "Synonym",
]
