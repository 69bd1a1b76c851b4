"""How well both engines answer the judged set (`tests/search/judgements.csv`).

    script/benchmark quality

The figures are the same wherever they are computed. A test sees to it that they do not fall.
"""

from django.test.runner import DiscoverRunner

from . import report, stage

LIMITS = {"Elasticsearch": 0.90, "the database": 0.75}


def main():
    stage.set_up(filled=False)
    # A database of its own, which is removed again.
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        found = measure()
    finally:
        runner.teardown_databases(databases)
    from tests.search.judged import judgements

    report.publish(
        "Quality",
        f"{len(judgements())} questions as teachers ask them, judged before tuning; means over "
        "all of them.\n\n"
        + report.table(
            ["engine", "nDCG@10", "limit", "recall@24", "mistakes", "holds"],
            [row(name, quality) for name, quality in found.items()],
        ),
        summary=[
            f"{name[0].upper()}{name[1:]} on the judged set: nDCG@10 {quality.ndcg:.3f} (limit "
            f"{LIMITS[name]:.2f}), recall@24 {quality.recall:.3f}."
            for name, quality in found.items()
        ],
        at_any_size=True,
    )


def measure():
    """{engine: `judged.Quality`}"""
    from django.conf import settings

    from search.engines import database as database_engine
    from search.engines import elasticsearch as elasticsearch_engine
    from search.engines.connection import aliases, client
    from search.index.entries import refresh_all
    from search.index.models import SearchEntry
    from search.index.sync import rebuild
    from tests.search import judged

    settings.ELASTICSEARCH_INDEX_PREFIX += "-quality"
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 20.0
    judged.load_corpus()
    refresh_all()
    rebuild()
    titles = dict(SearchEntry.objects.values_list("pk", "title"))

    def asking(engine):
        return lambda query: [titles[hit.entry_id] for hit in engine.search(query).hits]

    try:
        return {
            "Elasticsearch": judged.measure(asking(elasticsearch_engine)),
            "the database": judged.measure(asking(database_engine)),
        }
    finally:
        indices = client(60).indices
        for name in aliases():
            indices.delete(index=list(indices.get_alias(name=name)))


def row(name, quality):
    return [
        name,
        f"{quality.ndcg:.3f}",
        f"{LIMITS[name]:.2f}",
        f"{quality.recall:.3f}",
        str(sum(map(len, quality.mistakes.values()))),
        report.verdict(quality.ndcg >= LIMITS[name]),
    ]


if __name__ == "__main__":
    main()
