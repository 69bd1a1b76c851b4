"""Wagtail's database search, made to use its index: the `entries` backend of the settings."""

from django.db import connection
from django.db.models import F
from modelsearch.backends import database

if connection.vendor == "postgresql":
    from modelsearch.backends.database.postgres.postgres import (
        PostgresSearchBackend,
        PostgresSearchQueryCompiler,
    )

    class Compiler(PostgresSearchQueryCompiler):
        """Looks in one vector only: joined with that of the title, no index could be used."""

        def get_index_vectors(self, search_query):
            return [(F("index_entries__body"), 1.0)]

    class SearchBackend(PostgresSearchBackend):
        query_compiler_class = Compiler

else:
    SearchBackend = database.SearchBackend
