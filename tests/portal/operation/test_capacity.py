"""The database or the cache away: a kind answer, and nothing that was typed is lost."""

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, ProgrammingError

from portal.foundation.unavailable import is_temporary

AWAY = OperationalError("FATAL: sorry, too many clients already (locked)")


@pytest.fixture
def broken_database(client, monkeypatch):
    """A view whose database is away, as a connection that cannot be made says it."""
    client.raise_request_exception = False

    def fail(*args, **kwargs):
        raise AWAY

    monkeypatch.setattr("search.results.views.answer", fail)
    return client


@pytest.mark.django_db
def test_a_database_that_is_away_is_a_503_that_says_when_to_come_back(broken_database):
    answer = broken_database.get("/en/sok/?q=wood")

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "wait a moment" in answer.content.decode().lower()


def test_what_is_wrong_in_our_own_code_is_no_503():
    assert is_temporary(AWAY)
    assert not is_temporary(ProgrammingError("column does not exist"))
    assert not is_temporary(ValueError())


@pytest.mark.django_db
def test_what_was_typed_comes_back_and_secrets_do_not(rf):
    from portal.site import error_pages as errors

    sent = {
        "title": "Off-cuts of <pine>",
        "pickup_postcode": "267 31",
        "password": "hemligt",
        "code": "ABC123",
        "csrfmiddlewaretoken": "the token of the page",
    }
    page = BeautifulSoup(errors.busy(rf.post("/material/erbjud/", sent)).content, "html.parser")

    fields = {field["name"]: field["value"] for field in page.find_all("input")}
    assert fields.pop("title") == "Off-cuts of <pine>"
    assert set(fields) == {"pickup_postcode", "csrfmiddlewaretoken"}
