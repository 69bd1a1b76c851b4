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
from statistics import mean
from urllib.parse import urlencode

import urllib3

from tests.benchmarks.report import late, middle

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
    rows, summary = [], []
    for part in (rebuilding, answering):
        more_rows, more_summary = part()
        rows += more_rows
        summary += more_summary
    report.publish(
        "Search",
        f"{stage.LISTINGS:,} listings and {stage.PAGES:,} pages; {len(addresses())} search "
        f"addresses from the judged set with and without filters, {ROUNDS} times each.\n\n"
        + report.table(["what", "limit", "measured", "holds"], rows),
        summary=summary,
    )


# --- Rebuilding ---------------------------------------------------------------------------------


def rebuilding():
    """Rows of the table, and what the README says."""
    # First, while this process is small: Linux counts its memory as the new process's own.
    seconds, peak = run_rebuild()
    bare = bare_bulk()
    rows = [
        [
            "bare bulk indexing (`elasticsearch.helpers`) of the same documents",
            "–",
            f"{bare:.1f} s",
            "",
        ],
        [
            "`manage.py search_rebuild`, from start to end of the process",
            "3 × bare",
            f"{seconds:.1f} s ({seconds / bare:.1f} × bare)",
            report.verdict(seconds <= 3 * bare),
        ],
        [
            "its greatest memory",
            "500 MB",
            f"{peak / MEGABYTE:.0f} MB",
            report.verdict(peak < 500 * MEGABYTE),
        ],
    ]
    return rows, [
        f"Rebuilding the index: {seconds:.0f} s, {seconds / bare:.1f} × bare bulk indexing "
        f"(limit 3 ×), {peak / MEGABYTE:.0f} MB of memory at most (limit 500 MB)."
    ]


def bare_bulk():
    """Seconds that Elasticsearch needs for the documents, ready in memory."""
    from elasticsearch import helpers

    from search.engines.connection import client, language_of
    from search.index.mapping import LANGUAGES, create_index, document
    from search.index.models import SearchEntry

    entries = SearchEntry.objects.filter(removed=False).iterator(chunk_size=2000)
    documents = [(language_of(entry), entry.document_id, document(entry)) for entry in entries]
    patient = client(60)
    names = {language: f"bench-bare-{language}" for language in LANGUAGES}
    try:
        started = time.perf_counter()
        indices = {language: create_index(patient, name) for language, name in names.items()}
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
    """Rows of the table, and what the README says."""
    from django.conf import settings

    page, bare, counts = measure(addresses())
    suggested, bare_suggested, _counts = measure(typed())
    url, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, ""
    from_database, _bare, _counts = measure(addresses(), rounds=2)
    suggested_from_database, _bare, _counts = measure(typed(), rounds=2)
    settings.ELASTICSEARCH_URL = url
    limit = 1.5 * middle(bare) + 0.025
    over = middle(suggested) - middle(bare_suggested)
    slower = [of(from_database) / of(page) for of in (middle, late)]
    rows = [
        ["the bare request of a search page", "–", report.times(bare), ""],
        [
            "search page, median",
            f"1.5 × bare + 25 ms = {report.milliseconds(limit)}",
            report.milliseconds(middle(page)),
            report.verdict(middle(page) <= limit),
        ],
        [
            "search page, 95th percentile",
            f"3 × bare = {report.milliseconds(3 * late(bare))}",
            report.milliseconds(late(page)),
            report.verdict(late(page) <= 3 * late(bare)),
        ],
        [
            "database queries of a search page",
            "6",
            f"{min(counts)}–{max(counts)}",
            report.verdict(max(counts) <= 6),
        ],
        ["the bare request of suggestions", "–", report.times(bare_suggested), ""],
        [
            "suggestions",
            "median bare + 10 ms, and 30 ms",
            report.times(suggested),
            report.verdict(over <= 0.010 and middle(suggested) <= 0.030),
        ],
        [
            "search page from the database engine",
            "10 × with Elasticsearch",
            f"{report.times(from_database)} ({slower[0]:.1f} and {slower[1]:.1f} ×)",
            report.verdict(max(slower) < 10),
        ],
        ["suggestions from the database engine", "–", report.times(suggested_from_database), ""],
    ]
    return rows, [
        f"Search page with facets, highlights and 24 cards: {report.times(page)}; the bare "
        f"Elasticsearch request in it: {report.times(bare)} (limits: median 1.5 × bare + 25 ms, "
        f"p95 3 × bare). {min(counts)} to {max(counts)} database queries (limit 6).",
        f"Suggestions: {report.times(suggested)}; bare: {report.times(bare_suggested)} (limit: "
        "median bare + 10 ms).",
        f"The same page from the database engine on PostgreSQL: {report.times(from_database)} "
        "(limit 10 × with Elasticsearch).",
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
    """The addresses for what has been typed of a word."""
    from tests.search.judged import judgements

    asked = [judgement.query for judgement in judgements()][::EVERY]
    texts = [text[: 2 + number % 5] for number, text in enumerate(asked)]
    return [f"/sok/forslag/?{urlencode({'q': text})}" for text in texts]


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
    from search.engines.connection import client, is_configured

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


if __name__ == "__main__":
    main()
