"""A pilot on SQLite moves to PostgreSQL with everything, and each row is compared."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings

PEOPLE = """
import django
django.setup()
from tests.factories import ListingFactory, MembershipFactory, ReservationFactory, SchoolFactory
listing = ListingFactory(title="Rör åäö", description="Långa 🌲")
MembershipFactory(organisation=listing.organisation)
ReservationFactory(listing=listing, organisation=SchoolFactory())
"""


@pytest.fixture(scope="module")
def pilot(tmp_path_factory):
    """Runs a program of a portal that is on SQLite."""
    tmp_path = tmp_path_factory.mktemp("pilot")
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/pilot.sqlite3",
        "MEDIA_ROOT": str(tmp_path / "media"),
        "ELASTICSEARCH_URL": "",
    }

    def run(*command: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=env,
            capture_output=True,
            text=True,
            timeout=1800,
        )

    for command in (
        ("manage.py", "fresh_database"),
        ("manage.py", "migrate", "--noinput", "--verbosity", "0"),
        ("manage.py", "setup_portal"),
        ("-c", PEOPLE),
    ):
        done = run(*command)
        assert done.returncode == 0, done.stderr[-2000:]
    return run


@pytest.mark.postgres
def test_a_pilot_moves_with_everything_once(pilot, database_of_its_own):
    moved = pilot("manage.py", "move_to", database_of_its_own)

    assert moved.returncode == 0, moved.stderr[-2000:]
    assert "moved and compared" in moved.stdout
    with psycopg.connect(database_of_its_own) as there:
        listing = there.execute(
            "SELECT id, title, description FROM marketplace_materiallisting"
        ).fetchone()
        assert listing[1:] == ("Rör åäö", "Långa 🌲")
        assert there.execute("SELECT count(*) FROM marketplace_reservation").fetchone() == (1,)
        # The next row gets the next number.
        new = there.execute("SELECT nextval(pg_get_serial_sequence('portal_user', 'id'))")
        highest = there.execute("SELECT max(id) FROM portal_user")
        assert new.fetchone()[0] == highest.fetchone()[0] + 1

    again = pilot("manage.py", "move_to", database_of_its_own)

    assert again.returncode != 0
    assert "accounts in the target already" in again.stderr


@pytest.mark.postgres
def test_only_postgresql_is_moved_to(pilot, tmp_path):
    refused = pilot("manage.py", "move_to", f"sqlite:///{tmp_path}/other.sqlite3")

    assert refused.returncode != 0
    assert "must be PostgreSQL" in refused.stderr
    assert not (tmp_path / "other.sqlite3").exists()
