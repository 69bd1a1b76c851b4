"""What search keeps: what can be found, the words for it, who waits for what, and what was asked.

See docs/decisions/0003 for why everything that can be found is in one table.
"""

from .entries import SearchEntry, SearchWord, Synonym
from .log import SearchCount
from .saved import Arrival, SavedSearch, SavedSearchHit

__all__ = [
    "Arrival",
    "SavedSearch",
    "SavedSearchHit",
    "SearchCount",
    "SearchEntry",
    "SearchWord",
    "Synonym",
]
