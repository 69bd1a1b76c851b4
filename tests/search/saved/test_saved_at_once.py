"""Many requests at once, on real connections: only PostgreSQL locks rows."""

import pytest
from django.http import QueryDict

from search.saved.models import SavedSearch
from search.saved.services import TooManySearches, save_search
from tests.factories import UserFactory
from tests.marketplace.exchange.test_concurrency import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_nobody_keeps_more_searches_than_one_may_by_asking_at_once(monkeypatch):
    monkeypatch.setattr(SavedSearch, "MAX_PER_PERSON", 3)
    user = UserFactory()

    def save(number):
        try:
            return save_search(user=user, site=None, params=QueryDict(f"q=ord{number}"), name="Ord")
        except TooManySearches as error:
            return error

    answers = at_once(save, range(32))

    assert user.saved_searches.count() == 3
    assert sum(isinstance(each, TooManySearches) for each in answers) == 29
