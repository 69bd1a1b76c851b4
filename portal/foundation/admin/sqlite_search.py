"""The admin's search on SQLite, without the quotation marks that FTS5 takes for its own.

modelsearch puts each word between quotation marks and leaves those within it as they are, so that a
search for 5" nails was a fault of the server. The settings use this module with SQLite only: on
PostgreSQL its imports fail.
"""

from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import Phrase, PlainText, SearchQuery


class WithoutQuotationMarks:
    """Builds the words of a search for FTS5."""

    def build_search_query_content(self, query: SearchQuery, config: str | None = None):
        if isinstance(query, PlainText):
            query = PlainText(query.query_string.replace('"', "'"), operator=query.operator)
        elif isinstance(query, Phrase):
            query = Phrase(query.query_string.replace('"', "'"))
        return super().build_search_query_content(query, config=config)  # type: ignore[misc]


class SearchCompiler(WithoutQuotationMarks, SQLiteSearchQueryCompiler):
    pass


class AutocompleteCompiler(WithoutQuotationMarks, SQLiteAutocompleteQueryCompiler):
    pass


class SearchBackend(SQLiteSearchBackend):
    query_compiler_class = SearchCompiler
    autocomplete_query_compiler_class = AutocompleteCompiler
