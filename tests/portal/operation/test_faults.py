"""What breaks is well again by itself: some of `script/faults`, with real processes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.cases import FAULTS

ROOT = Path(__file__).parents[3]


def test_the_guide_says_what_to_do_about_every_fault():
    rows = re.findall(r"^\| (.*)$", (ROOT / "docs" / "operation.md").read_text(), re.M)

    missing = [each.name for each in FAULTS if not any(row.startswith(each.row) for row in rows)]
    assert missing == []


@pytest.fixture
def database_of_its_own(django_db_setup, django_db_blocker):
    """The address of a copy of the database of the tests: tables, and nothing in them."""
    settings = connection.settings_dict
    template, name = settings["NAME"], f"{settings['NAME']}_faults"
    server = f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}"
    psql = ["psql", "--quiet", f"{server}/postgres", "--command"]
    with django_db_blocker.unblock():
        # Nobody may be connected to what is copied.
        connection.close()
    subprocess.run([*psql, f'CREATE DATABASE "{name}" TEMPLATE "{template}"'], check=True)
    yield f"{server}/{name}"
    subprocess.run([*psql, f'DROP DATABASE "{name}" WITH (FORCE)'], check=True)


@pytest.mark.postgres
def test_nothing_is_lost_or_doubled_and_all_is_well_within_a_minute(database_of_its_own):
    """A web process killed, the same form twelve times, the cache away."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--short", "--database", database_of_its_own],
        cwd=ROOT,
        env=os.environ | {"WEB_PROCESSES": "2"},
        capture_output=True,
        text=True,
        timeout=900,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
