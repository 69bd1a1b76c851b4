"""What a first start begins with, instead of migrating for a minute."""

import sqlite3

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from portal.site.starter import fresh


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "portal.sqlite3"
    assert fresh.lay_down(path)
    database = sqlite3.connect(path)
    yield database
    database.close()


def test_migrations_go_on_from_where_it_stands(database):
    applied = set(database.execute("SELECT app, name FROM django_migrations"))

    assert len(applied) > 300
    assert applied <= set(MigrationLoader(None).disk_migrations)


def test_it_holds_what_every_installation_has_and_nobody(database):
    def count(table):
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608

    assert count("wagtailcore_page") > 0
    assert count("search_synonym") > 0
    assert count("portal_user") == 0
    assert count("marketplace_organisation") == 0


@pytest.mark.django_db
def test_it_has_no_table_and_no_column_that_the_migrations_do_not_make(database):
    with connection.cursor() as cursor:
        now = {
            table: {
                column.name
                for column in connection.introspection.get_table_description(cursor, table)
            }
            for table in connection.introspection.table_names(cursor)
        }

    tables = [
        name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
    ]
    unknown = {}
    for table in tables:
        # SQLite's own, and those behind its full-text search.
        if table.startswith("sqlite_") or "_fts" in table:
            continue
        columns = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
        if more := columns - now.get(table, set()):
            unknown[table] = more
    assert len(tables) > 200
    assert unknown == {}


def test_a_database_that_is_there_stays_as_it_is(tmp_path):
    path = tmp_path / "portal.sqlite3"
    path.write_bytes(b"something of mine")

    assert not fresh.lay_down(path)

    assert path.read_bytes() == b"something of mine"
