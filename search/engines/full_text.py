"""Finds entries by their terms, through an index: PostgreSQL's own, or Wagtail's on SQLite.

PostgreSQL indexes the terms as they are (see the migration `words_index`), so that writing an entry
is all there is to do; on SQLite Wagtail's search (modelsearch) keeps a table of them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from modelsearch.backends import get_search_backend
from modelsearch.query import And, Or, PlainText, SearchQuery

from search.index.models import SearchEntry

# Groups of ways to say something; a way is a list of words, a word a list of terms.
Groups = Sequence[Sequence[Sequence[Sequence[str]]]]
T = TypeVar("T")


def add(entries: Iterable[SearchEntry]) -> None:
    """Make the words of these new or changed entries findable."""
    if connection.vendor != "postgresql":
        backend = get_search_backend("default")
        backend.get_index_for_model(SearchEntry).add_items(SearchEntry, entries)


def having(entries: QuerySet, groups: Groups, *, all_groups: bool) -> QuerySet:
    """Those of `entries` that have what all, or any, of the groups ask for.

    A group is a list of ways to say something; a way is a list of words that must all be there;
    a word is a list of terms of which one will do.
    """
    if connection.vendor == "postgresql":
        return entries.filter(Having(_ts_query(groups, all_groups)))
    asked = _text_query(groups, all_groups)
    found = SearchEntry.objects.all().search(asked, order_by_relevance=False).get_queryset()
    return entries.filter(pk__in=found.order_by().values("pk"))


class Having(Func):
    """Whether an entry has the words; written as the migration writes it, to use its index."""

    output_field = BooleanField()

    def __init__(self, ts_query: str) -> None:
        super().__init__(*SearchEntry.TERMS.values(), Value(ts_query))

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple]:
        *columns, asked = [compiler.compile(each) for each in self.get_source_expressions()]
        terms = ", ".join(sql for sql, _params in columns)
        return f"search_entry_words({terms}) @@ {asked[0]}::tsquery", asked[1]


def _ts_query(groups: Groups, all_groups: bool) -> str:
    def either(parts: list[str]) -> str:
        return f"({' | '.join(parts)})"

    def both(parts: list[str]) -> str:
        return f"({' & '.join(parts)})"

    return _joined(groups, _quoted, either, both, both if all_groups else either)


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _text_query(groups: Groups, all_groups: bool) -> SearchQuery:
    def either(queries: list[SearchQuery]) -> SearchQuery:
        return queries[0] if len(queries) == 1 else Or(queries)

    def both(queries: list[SearchQuery]) -> SearchQuery:
        return queries[0] if len(queries) == 1 else And(queries)

    return _joined(groups, PlainText, either, both, both if all_groups else either)


def _joined(
    groups: Groups,
    term: Callable[[str], T],
    either: Callable[[list[T]], T],
    both: Callable[[list[T]], T],
    join: Callable[[list[T]], T],
) -> T:
    def way(words: Sequence[Sequence[str]]) -> T:
        return both([either([term(each) for each in word]) for word in words])

    return join([either([way(words) for words in group]) for group in groups])
