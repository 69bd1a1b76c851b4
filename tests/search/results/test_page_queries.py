"""How many questions a search page asks of the database: few, and always as many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.listings.models import ListingPhoto
from search.index.entries import refresh_all
from search.index.sync import send_changes
from tests.factories import ImageFactory, ListingFactory

MOST = 6
ADDRESS = "/sok/?q=papprör"


@pytest.fixture
def listings(elasticsearch):
    """A function that publishes listings with photographs."""

    def publish(count):
        for _number in range(count):
            listing = ListingFactory(title="Papprör")
            ListingPhoto.objects.create(listing=listing, image=ImageFactory())
        refresh_all()
        send_changes()

    return publish


def queries(client, address=ADDRESS):
    """The statements of a page that has been visited before."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        found = [query["sql"] for query in captured.captured_queries]
    assert response["X-Search-Engine"] == "elasticsearch"
    return found


def test_a_search_page_asks_the_database_six_times_at_most(client, listings):
    listings(3)

    asked = queries(client)

    assert len(asked) <= MOST, "\n".join(asked)


def test_it_asks_as_often_when_the_page_is_full(client, listings):
    listings(1)
    few = queries(client)
    listings(24)

    assert len(queries(client)) == len(few)
