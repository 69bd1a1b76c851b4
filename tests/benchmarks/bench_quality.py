"""How well both engines answer the judged sets (`judgements.csv` and `intentions.csv`).

    script/benchmark quality

The figures are the same wherever they are computed. A test sees to it that they do not fall.
"""

from django.test.runner import DiscoverRunner

from . import report, stage

# (set, engine): the nDCG@10 that is wanted.
LIMITS = {
    ("judgements", "Elasticsearch"): 0.95,
    ("judgements", "the database"): 0.93,
    ("intentions", "Elasticsearch"): 0.80,
    ("intentions", "the database"): 0.75,
}
NAMES = {"judgements": "names of things", "intentions": "intentions"}


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
        f"{len(judgements())} names of things and {len(judgements('intentions'))} intentions, as "
        "teachers ask for them, judged before tuning; means over all of them.\n\n"
        + report.table(
            ["questions", "engine", "nDCG@10", "wanted", "recall@24", "mistakes", "holds"],
            [row(asked, quality) for asked, quality in found.items()],
        ),
        summary=[
            f"{NAMES[name].capitalize()}, {engine}: nDCG@10 {quality.ndcg:.3f} (wanted "
            f"{LIMITS[name, engine]:.2f}), recall@24 {quality.recall:.3f}."
            for (name, engine), quality in found.items()
        ],
        at_any_size=True,
    )


def measure():
    """{(set, engine): `judged.Quality`}"""
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
        def ask(query):
            result = engine.search(query)
            return [
                [titles[hit.entry_id] for hit in hits] for hits in (result.hits, result.related)
            ]

        return ask

    engines = {"Elasticsearch": elasticsearch_engine, "the database": database_engine}
    try:
        return {
            (name, engine): judged.measure(asking(module), name)
            for name in NAMES
            for engine, module in engines.items()
        }
    finally:
        indices = client(60).indices
        for name in aliases():
            indices.delete(index=list(indices.get_alias(name=name)))


def row(asked, quality):
    name, engine = asked
    return [
        NAMES[name],
        engine,
        f"{quality.ndcg:.3f}",
        f"{LIMITS[asked]:.2f}",
        f"{quality.recall:.3f}",
        str(sum(map(len, quality.mistakes.values()))),
        report.verdict(quality.ndcg >= LIMITS[asked]),
    ]


if __name__ == "__main__":
    main()
