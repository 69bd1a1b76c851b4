"""Old code on the new schema, as while a new version is put in place, and after going back."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.portal.operation import released

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("with_old_code.py")


def described(table: str) -> dict[str, bool]:
    """{column: whether a row may be added without naming it} in the database as it is."""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
        keys = connection.introspection.get_sequences(cursor, table)
    counted = {key["column"] for key in keys}
    return {
        column.name: bool(column.null_ok or column.default is not None or column.name in counted)
        for column in columns
    }


def faults(now: dict[str, dict[str, bool]], before: dict[str, set[str]]) -> list[str]:
    """What code of the version before cannot do with the tables `now`."""
    found = [f"{table} is gone" for table in before if table not in now]
    for table in before.keys() & now.keys():
        columns = now[table]
        found += [f"{table}.{name} is gone" for name in before[table] - columns.keys()]
        found += [
            f"{table}.{name} has no default in the database"
            for name, may_be_left_out in columns.items()
            if name not in before[table] and not may_be_left_out
        ]
    return sorted(found)


def test_what_old_code_cannot_do_is_found():
    before = {"offer": {"id", "title"}, "gone": {"id"}}
    now = {"offer": {"id": True, "weight": False, "colour": True}}

    assert faults(now, before) == [
        "gone is gone",
        "offer.title is gone",
        "offer.weight has no default in the database",
    ]


# SQLite, for development, runs one version at a time.
@pytest.mark.postgres
@pytest.mark.django_db
def test_code_of_the_version_before_reads_and_writes_every_table_of_its_own():
    before = released.recorded()
    present = set(connection.introspection.table_names())
    now = {table: described(table) for table in before.keys() & present}

    assert "marketplace_reservation" in now
    assert faults(now, before) == []


@pytest.fixture
def old_code(tmp_path):
    """The folder with the code of the version before, and the settings that it runs with."""
    try:
        return tmp_path / "code", released.unpack(tmp_path)
    except released.Unavailable as error:
        pytest.skip(f"{error}; the recorded schema is compared above")


@pytest.mark.postgres
def test_the_version_before_goes_on_with_the_schema_of_today(old_code, database_of_its_own):
    code, settings = old_code

    done = subprocess.run(
        [sys.executable, SCRIPT],
        cwd=code,
        env=os.environ | settings | {"DATABASE_URL": database_of_its_own},
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-1] == "asked, promised, handed over, shown"
