"""Tables and columns keep their names: reports, backups and older code read them.

`schema.txt` is the schema before fields and models got the field's own words. What is dropped on
purpose is dropped there too, and named under “Upgrading” in the CHANGELOG.
"""

from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
KEPT = [
    line.split(": ")
    for line in (Path(__file__).parent / "schema.txt").read_text().strip().splitlines()
]
# Nothing reads them any longer. They stay for processes of the version before, which run on
# PostgreSQL; SQLite recreates a table to change it, and then leaves out what no model knows.
LEAVING = {"marketplace_materiallisting": {"small_parts", "treated"}}


def columns():
    """{table: names of its columns} as they are in the database."""
    with connection.cursor() as cursor:
        return {
            table: {
                column.name
                for column in connection.introspection.get_table_description(cursor, table)
            }
            for table in connection.introspection.table_names(cursor)
        }


def test_every_table_and_column_keeps_its_name():
    now = columns()
    if connection.vendor == "sqlite":
        for table, names in LEAVING.items():
            now[table] |= names

    lost = {table: set(names.split()) - now.get(table, set()) for table, names in KEPT}

    assert len(KEPT) >= 100
    assert {table: names for table, names in lost.items() if names} == {}
