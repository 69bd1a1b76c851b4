"""Pages and values are kept as in production, and nothing of them from one test to the next."""

import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def kept(settings):
    settings.PAGE_CACHE_SECONDS = 300
    caches["pages"].clear()
    yield
    caches["pages"].clear()
