"""Both engines, asked in the same way."""

from dataclasses import replace

import pytest
from django.http import QueryDict

from search.engines import database as database_engine
from search.engines import elasticsearch as elasticsearch_engine
from search.engines.base import SearchQuery
from search.index.entries import refresh_all
from search.index.models import SearchEntry
from search.index.sync import send_changes


class Engine:
    """Asks one engine, after everything in the database has reached it."""

    def __init__(self, module):
        self.module = module

    def ask(self, address="", **more):
        refresh_all()
        send_changes()
        among = more.pop("among", None)
        more = {"language": "sv"} | more
        query = SearchQuery.from_params(QueryDict(address), **more)
        return self.module.search(replace(query, among=among))

    def titles(self, address="", **more):
        result = self.ask(address, **more)
        titles = dict(SearchEntry.objects.values_list("pk", "title"))
        return [titles[hit.entry_id] for hit in result.hits]

    def suggests(self, text):
        refresh_all()
        send_changes()
        keys = self.module.suggest(SearchQuery(text=text, language="sv", page_size=8))
        titles = SearchEntry.objects.in_bulk(keys)
        return [titles[key].title for key in keys]


@pytest.fixture(params=["database", "elasticsearch"])
def engine(request, db):
    if request.param == "database":
        return Engine(database_engine)
    request.getfixturevalue("elasticsearch")
    return Engine(elasticsearch_engine)
