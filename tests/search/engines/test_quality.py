"""How well both engines answer what teachers ask (the figures are in `docs/search.md`)."""

import pytest

from search.engines import database
from search.engines import elasticsearch as elasticsearch_engine
from search.index.entries import refresh_all
from search.index.models import SearchEntry
from search.index.sync import send_changes
from tests.search import judged

LEAST_NDCG = {"judgements": 0.95, "intentions": 0.80}
MOST_MISTAKES = 0.01
MOST_NOTHING = 0.01


@pytest.fixture
def corpus(db):
    judged.load_corpus()
    refresh_all()


def ask_with(search):
    titles = dict(SearchEntry.objects.values_list("pk", "title"))

    def ask(query):
        result = search(query)
        return [[titles[hit.entry_id] for hit in hits] for hits in (result.hits, result.related)]

    return ask


def report(engine, name, quality, capsys):
    worst = sorted(quality.by_query.items(), key=lambda each: each[1])[:40]
    with capsys.disabled():
        print(f"\n{engine}, {name}: nDCG@10 {quality.ndcg:.3f}, recall@24 {quality.recall:.3f}")
        print("  lowest:", ", ".join(f"{query} {value:.2f}" for query, value in worst))
        print("  mistakes:", quality.mistakes or "none")
        print("  nothing found:", quality.nothing or "never")


def check(module, name, capsys):
    quality = judged.measure(ask_with(module.search), name)
    report(module.name, name, quality, capsys)
    assert quality.ndcg >= LEAST_NDCG[name]
    assert quality.share_of_mistakes <= MOST_MISTAKES
    assert quality.share_of_nothing <= MOST_NOTHING


@pytest.mark.parametrize("name", ["judgements", "intentions"])
def test_the_database_answers_well(corpus, capsys, name):
    check(database, name, capsys)


@pytest.mark.parametrize("name", ["judgements", "intentions"])
def test_elasticsearch_answers_well(corpus, elasticsearch, capsys, name):
    send_changes()

    check(elasticsearch_engine, name, capsys)
