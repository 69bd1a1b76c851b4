"""Search among 100,000 listings and 2,000 pages: rebuilding, pages, suggestions, both engines.

    script/benchmark search

A page is asked for with Django's test client under production's settings. What Elasticsearch was
asked for it is then sent again as it was, over a kept connection, without reading the answer: the
bare request. Both take turns, so that what else the machine does disturbs both.
"""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import mean, quantiles
from urllib.parse import urlencode

import urllib3

from . import report, stage

ROUNDS = 6
EVERY = 5
# What is chosen beside the words, in turn.
FILTERS = [
    "",
    "kommun=helsingborg",
    "",
    "typ=material&nu=1",
    "kategori=textil",
    "nara=helsingborg",
    "",
    "kommun=helsingborg&kommun=klippan&skick=bra",
    "leverans=1&fran=3",
    "sort=nyast",
    "nara=klippan&sort=narmast&typ=material",
]
WITHOUT_WORDS = [
    "/sok/",
    "/material/",
    "/material/?kategori=textil&sida=3",
    "/material/?kommun=angelholm&sort=slutar",
    "/sok/?typ=lektion",
    "/en/sok/?q=wood&typ=material",
]
MEGABYTE = 2**20


def main():
    stage.set_up()
    from django.conf import settings

    # A busy machine is measured, not switched away from.
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 20.0
    found = [*rebuilding(), *answering()]
    report.publish(
        "Search",
        f"{stage.LISTINGS:,} listings and {stage.PAGES:,} pages; {len(addresses())} search "
        f"addresses from the judged set with and without filters, {ROUNDS} times each.\n\n"
        + report.table(["what", "limit", "measured", "holds"], found),
    )


# --- Rebuilding ---------------------------------------------------------------------------------


def rebuilding():
    bare = bare_bulk()
    seconds, peak = run_rebuild()
    yield [
        "bare bulk indexing (`elasticsearch.helpers`) of the same documents",
        "–",
        f"{bare:.1f} s",
        "",
    ]
    yield [
        "`manage.py search_rebuild`, from start to end of the process",
        "3 × bare",
        f"{seconds:.1f} s ({seconds / bare:.1f} × bare)",
        report.verdict(seconds <= 3 * bare),
    ]
    yield [
        "its greatest memory",
        "500 MB",
        f"{peak / MEGABYTE:.0f} MB",
        report.verdict(peak < 500 * MEGABYTE),
    ]


def bare_bulk():
    """Seconds that Elasticsearch needs for the documents, ready in memory."""
    from elasticsearch import helpers

    from search.connection import client, language_of
    from search.documents import LANGUAGES, create_index, document
    from search.models import SearchEntry

    entries = SearchEntry.objects.filter(removed=False).iterator(chunk_size=2000)
    documents = [(language_of(entry), entry.document_id, document(entry)) for entry in entries]
    patient = client(60)
    names = {language: f"bench-bare-{language}" for language in LANGUAGES}
    try:
        started = time.perf_counter()
        indices = {
            language: create_index(patient, name, language) for language, name in names.items()
        }
        actions = (
            {"_index": indices[language], "_id": key, "_source": body}
            for language, key, body in documents
        )
        helpers.bulk(patient, actions)
        for index in indices.values():
            patient.indices.refresh(index=index)
        return time.perf_counter() - started
    finally:
        patient.indices.delete(index=list(indices.values()))


def run_rebuild():
    """(seconds, greatest memory in bytes) of the command in a process of its own."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "manage.py", "search_rebuild"])
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("search_rebuild failed.")
    return time.perf_counter() - started, usage.ru_maxrss * 1024


# --- Pages and suggestions ----------------------------------------------------------------------


def answering():
    from django.conf import settings

    page, bare, counts = measure(addresses())
    median, tail = middle(page), late(page)
    yield [
        "the bare request of a search page",
        "–",
        f"median {report.milliseconds(middle(bare))}, p95 {report.milliseconds(late(bare))}",
        "",
    ]
    yield [
        "search page, median",
        "1.5 × bare + 25 ms",
        f"{report.milliseconds(median)} (bare × 1.5 + 25 ms is "
        f"{report.milliseconds(1.5 * middle(bare) + 0.025)})",
        report.verdict(median <= 1.5 * middle(bare) + 0.025),
    ]
    yield [
        "search page, 95th percentile",
        "3 × bare",
        f"{report.milliseconds(tail)} ({tail / late(bare):.1f} × bare)",
        report.verdict(tail <= 3 * late(bare)),
    ]
    yield [
        "database queries of a search page",
        "6",
        f"{min(counts)}–{max(counts)}",
        report.verdict(max(counts) <= 6),
    ]
    suggested, bare, _counts = measure([f"/sok/forslag/?{urlencode({'q': t})}" for t in typed()])
    over = middle(suggested) - middle(bare)
    yield [
        "suggestions, median",
        "bare + 10 ms, and 30 ms",
        f"{report.milliseconds(middle(suggested))} (bare {report.milliseconds(middle(bare))}), "
        f"p95 {report.milliseconds(late(suggested))} (bare {report.milliseconds(late(bare))})",
        report.verdict(over <= 0.010 and middle(suggested) <= 0.030),
    ]
    url, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, ""
    database, _bare, _counts = measure(addresses(), rounds=2)
    suggested, _bare, _counts = measure(
        [f"/sok/forslag/?{urlencode({'q': t})}" for t in typed()], rounds=2
    )
    settings.ELASTICSEARCH_URL = url
    yield [
        "the same page from the database engine, median",
        "10 × with Elasticsearch",
        f"{report.milliseconds(middle(database))} ({middle(database) / median:.1f} ×), "
        f"p95 {report.milliseconds(late(database))} ({late(database) / tail:.1f} ×)",
        report.verdict(middle(database) < 10 * median and late(database) < 10 * tail),
    ]
    yield [
        "suggestions from the database engine, median",
        "–",
        f"{report.milliseconds(middle(suggested))}, p95 {report.milliseconds(late(suggested))}",
        "",
    ]


def addresses():
    """A mix of what teachers ask, and of filters."""
    from tests.search.judged import judgements

    asked = [judgement.query for judgement in judgements()][::EVERY]
    found = [
        f"/sok/?{urlencode({'q': text})}&{FILTERS[number % len(FILTERS)]}".rstrip("&")
        for number, text in enumerate(asked)
    ]
    return found + WITHOUT_WORDS


def typed():
    """What has been typed of a word when suggestions are asked for."""
    from tests.search.judged import judgements

    asked = [judgement.query for judgement in judgements()][::EVERY]
    return [text[: 2 + number % 5] for number, text in enumerate(asked)]


def measure(urls, rounds=ROUNDS):
    """(seconds of pages, seconds of the bare requests, numbers of database queries)."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    expected = "elasticsearch" if settings.ELASTICSEARCH_URL else "database"
    client, pool = Client(SERVER_NAME="localhost"), urllib3.PoolManager()
    pages, bares, counts = [], [], []
    for url in urls:
        # Pictures and reference data are kept after the first visit.
        client.get(url)
        with recorded() as sent, CaptureQueriesContext(connection) as queries:
            response = client.get(url)
            counts.append(len(queries))
        if response.status_code != 200 or response.get("X-Search-Engine", expected) != expected:
            raise SystemExit(f"{url}: {response.status_code}, {response.headers}")
        for _round in range(rounds):
            pages.append(timed(lambda url=url: client.get(url)))
            if sent:
                bares.append(timed(lambda sent=sent: [send(pool, each) for each in sent]))
    print(f"  {expected}: {len(urls)} addresses, mean {mean(pages) * 1000:.0f} ms")
    return pages, bares, counts


@contextmanager
def recorded():
    """Notes what the portal sends to Elasticsearch meanwhile: (method, target, headers, body)."""
    from search.connection import client, is_configured

    sent = []
    if not is_configured():
        yield sent
        return
    transport = client().transport
    perform = transport.perform_request

    def record(method, target, *, body=None, headers=None, **more):
        serialized = transport.serializers.dumps(body, "application/json")
        sent.append((method, target, dict(headers or {}), serialized))
        return perform(method, target, body=body, headers=headers, **more)

    transport.perform_request = record
    try:
        yield sent
    finally:
        del transport.perform_request


def send(pool, request):
    from django.conf import settings

    method, target, headers, body = request
    answer = pool.request(method, settings.ELASTICSEARCH_URL + target, headers=headers, body=body)
    if answer.status != 200:
        raise SystemExit(f"Elasticsearch: {answer.status} {answer.data[:500]}")


def timed(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def middle(seconds):
    return quantiles(seconds, n=2)[0]


def late(seconds):
    return quantiles(seconds, n=20)[-1]


if __name__ == "__main__":
    main()
