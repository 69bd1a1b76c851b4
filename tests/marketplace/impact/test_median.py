"""The median that SQLite is given; PostgreSQL has its own."""

import pytest
from django.db import ConnectionHandler

pytestmark = pytest.mark.django_db


@pytest.fixture
def sqlite():
    connections = ConnectionHandler(
        {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    )
    yield connections["default"]
    connections.close_all()


@pytest.mark.parametrize(
    ("values", "middle"),
    [
        ("(3)", 3),
        ("(8), (1), (3)", 3),
        ("(8), (1), (3), (4)", 3.5),
        ("(8), (NULL), (1), (3)", 3),
        ("(NULL)", None),
    ],
)
def test_the_median_is_in_the_middle_and_leaves_out_what_is_missing(sqlite, values, middle):
    with sqlite.cursor() as cursor:
        cursor.execute(f"SELECT MEDIAN(column1) FROM (VALUES {values})")  # noqa: S608

        assert cursor.fetchone() == (middle,)
