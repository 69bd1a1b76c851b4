"""How well both engines answer what teachers ask (the figures are in the README)."""

import pytest

from search import database_engine, elasticsearch_engine, index, upkeep
from search.models import SearchEntry
from tests.search import judged

LEAST_NDCG = {"elasticsearch": 0.90, "database": 0.75}


@pytest.fixture
def corpus(db):
    judged.load_corpus()
    index.refresh_all()


def ask_with(search):
    titles = dict(SearchEntry.objects.values_list("pk", "title"))
    return lambda query: [titles[hit.entry_id] for hit in search(query).hits]


def report(engine, quality, capsys):
    worst = sorted(quality.by_query.items(), key=lambda each: each[1])[:40]
    with capsys.disabled():
        print(f"\n{engine}: nDCG@10 {quality.ndcg:.3f}, recall@24 {quality.recall:.3f}")
        print("  lowest:", ", ".join(f"{query} {value:.2f}" for query, value in worst))
        print("  mistakes:", quality.mistakes or "none")


def test_the_database_answers_well(corpus, capsys):
    quality = judged.measure(ask_with(database_engine.search))

    report("database", quality, capsys)
    assert quality.ndcg >= LEAST_NDCG["database"]


def test_elasticsearch_answers_very_well(corpus, elasticsearch, capsys):
    upkeep.send_changes()

    quality = judged.measure(ask_with(elasticsearch_engine.search))

    report("elasticsearch", quality, capsys)
    assert quality.ndcg >= LEAST_NDCG["elasticsearch"]
