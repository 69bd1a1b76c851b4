"""What words are made of."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from search.query import analysis as query_analysis
from search.query.analysis import compound_words


@pytest.fixture
def impatient_threads():
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_many_threads_stem_words_at_the_same_time(impatient_threads):
    words = [f"{word}{ending}" for word in compound_words() for ending in ("ing", "er")]
    stem = query_analysis.stem.__wrapped__
    alone = [stem(word, "en") for word in words]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda _n: [stem(w, "en") for w in words], range(8)))

    assert together == [alone] * 8
