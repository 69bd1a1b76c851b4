"""Finds entries by their terms, through an index: PostgreSQL's own, or Wagtail's on SQLite.

PostgreSQL indexes the terms as they are (see the migration `words_index`), so that writing an entry
is all there is to do; on SQLite Wagtail's search (modelsearch) keeps a table of them.
"""

from django.db import connection
from django.db.models import BooleanField, Func, Value
from modelsearch.backends import get_search_backend
from modelsearch.query import And, Or, PlainText

from .models import SearchEntry


def add(entries):
    """Make the words of these new or changed entries findable."""
    if connection.vendor != "postgresql":
        backend = get_search_backend("default")
        backend.get_index_for_model(SearchEntry).add_items(SearchEntry, entries)


def having(entries, groups, *, all_groups):
    """Those of `entries` that have what all, or any, of the groups ask for.

    A group is a list of ways to say something; a way is a list of words that must all be there;
    a word is a list of terms of which one will do.
    """
    if connection.vendor == "postgresql":
        return entries.filter(Having(_ts_query(groups, all_groups)))
    asked = _text_query(groups, all_groups)
    found = SearchEntry.objects.search(asked, order_by_relevance=False).get_queryset()
    return entries.filter(pk__in=found.order_by().values("pk"))


class Having(Func):
    """Whether an entry has the words; written as the migration writes it, to use its index."""

    output_field = BooleanField()

    def __init__(self, ts_query):
        super().__init__(*SearchEntry.TERMS.values(), Value(ts_query))

    def as_sql(self, compiler, connection, **extra_context):
        *columns, asked = [compiler.compile(each) for each in self.get_source_expressions()]
        terms = ", ".join(sql for sql, _params in columns)
        return f"search_entry_words({terms}) @@ {asked[0]}::tsquery", asked[1]


def _ts_query(groups, all_groups):
    def either(parts):
        return f"({' | '.join(parts)})"

    def both(parts):
        return f"({' & '.join(parts)})"

    return _joined(groups, _quoted, either, both, both if all_groups else either)


def _quoted(term):
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _text_query(groups, all_groups):
    def either(queries):
        return queries[0] if len(queries) == 1 else Or(queries)

    def both(queries):
        return queries[0] if len(queries) == 1 else And(queries)

    return _joined(groups, PlainText, either, both, both if all_groups else either)


def _joined(groups, term, either, both, join):
    def way(words):
        return both([either([term(each) for each in word]) for word in words])

    return join([either([way(words) for words in group]) for group in groups])
