"""An index of the words of entries on PostgreSQL. SQLite finds them by Wagtail's search."""

from django.db import migrations

COLUMNS = "title_terms, category_terms, parent_terms, keyword_terms, summary_terms, body_terms"
# The terms are words already; none is stemmed or split again.
FORWARDS = [
    """
    CREATE FUNCTION search_entry_words(VARIADIC texts text[]) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
        SELECT array_to_tsvector(
            array_remove(string_to_array(array_to_string(texts, ' '), ' '), '')
        )
    $$
    """,
    f"CREATE INDEX search_entry_words_index ON search_searchentry "
    f"USING gin (search_entry_words({COLUMNS}))",
    "CREATE INDEX search_entry_visible_newest ON search_searchentry (published_at DESC, id DESC) "
    "WHERE NOT removed",
]
BACKWARDS = [
    "DROP INDEX search_entry_visible_newest",
    "DROP INDEX search_entry_words_index",
    "DROP FUNCTION search_entry_words(VARIADIC text[])",
]


def run(statements):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("search", "0005_saved_searches_and_counts")]

    operations = [migrations.RunPython(run(FORWARDS), run(BACKWARDS))]
