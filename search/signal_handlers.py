"""Gathers the signal handlers of every subject."""

from search.index import signal_handlers as index
from search.index.tasks import entries_refreshed
from search.intentions import table as intentions
from search.results import promotions, reference
from search.saved.matching import on_entries_refreshed
from search.synonyms import services as synonyms


def connect() -> None:
    for subject in (index, intentions, synonyms, promotions, reference):
        subject.connect()
    entries_refreshed.connect(on_entries_refreshed, dispatch_uid="saved searches")
