"""How many requests a second our pages answer, beside another site on the same machine.

    script/benchmark peers http://127.0.0.1:8555

The other site is already being served at the address, with as many processes as ours (2): Wagtail's
own bakerydemo, unless other paths are given as `OURS=THEIRS` after it. Ours is the demo, on
PostgreSQL, behind granian. Four connections ask for one page of ours for a few seconds, then for
the comparable one of theirs, in turn, so that what else the machine does disturbs both.
"""

import os
import sys
import threading
import time
from http.client import HTTPConnection
from statistics import median
from urllib.parse import urlsplit

import psycopg

from . import report, stage
from .server import served

CONNECTIONS, SECONDS, ROUNDS = 4, 2, 7
# Which page of the bakery is like which of ours.
THEIRS = {
    "home": "/",
    "list of lesson ideas": "/blog/",
    "lesson idea": "/blog/wild-yeast/",
    "article": "/about/",
    "material": "/breads/",
    "listing": "/breads/anadama-bread/",
    "event": "/locations/hof/",
    "effect": "/",
}
# How many times theirs, at least.
GOALS = {"visitor": 10, "signed in": 2, "right after a change": 1.2}
CHANGE = "UPDATE portal_contentversion SET number = number + 1, {area} = {area} + 1"
# What is published before each of the requests: something that the page shows.
CHANGED = {
    "home": "material",
    "list of lesson ideas": "pages",
    "lesson idea": "pages",
    "article": "pages",
    "material": "material",
    "listing": "material",
    "event": "pages",
    "effect": "ledger",
}


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    address, *pairs = sys.argv[1:]
    theirs = THEIRS | dict(pair.split("=", 1) for pair in pairs)
    prepare()
    ours, cookie = our_pages(), signed_in()
    with served() as port:
        compared = {
            name: compare(port, name, path, address, theirs[name], cookie)
            for name, path in ours.items()
            if name in theirs
        }
    report.publish("Peers", text(address, compared), summary=summary(compared), at_any_size=True)


def prepare():
    """The demo, with nothing beside it."""
    stage.set_up(filled=False)
    from django.core.management import call_command

    from marketplace.listings.models import MaterialListing
    from search.index.entries import refresh_all

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not MaterialListing.objects.exists():
        call_command("setup_portal", verbosity=0)
        call_command("demo", here=True)
    # No worker runs beside the measuring, and an empty list of material is no page to compare.
    refresh_all()


def our_pages():
    from inspiration.events.models import EventPage
    from inspiration.lessons.models import LessonIdeaPage
    from inspiration.pages.models import ArticlePage
    from marketplace.listings.models import MaterialListing

    def first(model):
        return model.objects.live().filter(locale__language_code="sv").order_by("pk").first()

    lesson = first(LessonIdeaPage)
    return {
        "home": "/",
        "list of lesson ideas": lesson.get_parent().url,
        "lesson idea": lesson.url,
        "article": first(ArticlePage).url,
        "material": "/material/",
        "listing": MaterialListing.objects.filter(live=True).first().get_absolute_url(),
        "event": first(EventPage).url,
        "effect": "/effekt/",
    }


def signed_in():
    """The cookie of a teacher of the demo."""
    from django.conf import settings
    from django.test import Client

    from portal.foundation.users.models import User

    client = Client()
    client.force_login(User.objects.get(email="forskola@demo.example"))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def compare(port, name, path, address, their_path, cookie):
    """{who asks: (requests a second of ours, of theirs)}, the median of the rounds."""
    other = urlsplit(address)
    ways = {
        "visitor": lambda: rate(f"127.0.0.1:{port}", path),
        "signed in": lambda: rate(f"127.0.0.1:{port}", path, cookie=cookie),
        "right after a change": lambda: rate(f"127.0.0.1:{port}", path, change=CHANGED[name]),
        "theirs": lambda: rate(other.netloc, their_path),
    }
    found = {way: [] for way in ways}
    for _round in range(ROUNDS):
        for way, measure in ways.items():
            found[way].append(measure())
    theirs = median(found.pop("theirs"))
    print(path, {way: round(median(rates)) for way, rates in found.items()}, round(theirs))
    return {way: (median(rates), theirs) for way, rates in found.items()}


def rate(netloc, path, *, cookie="", change=""):
    """Requests a second over `CONNECTIONS` connections; with `change`, something of that area of
    the database is published before each of them."""
    end = time.perf_counter() + SECONDS
    counts = [0] * CONNECTIONS
    threads = [
        threading.Thread(target=ask, args=(counts, number, netloc, path, cookie, change, end))
        for number in range(CONNECTIONS)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


def ask(counts, number, netloc, path, cookie, change, end):
    connection = HTTPConnection(netloc, timeout=60)
    headers = {"Host": "localhost"} | ({"Cookie": cookie} if cookie else {})
    database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) if change else None
    while time.perf_counter() < end:
        if database:
            database.execute(CHANGE.format(area=change))
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{netloc}{path} answers {answer.status}")
        counts[number] += 1
    connection.close()
    if database:
        database.close()


def ratio(pair):
    ours, theirs = pair
    return ours / theirs


def text(address, compared):
    rows = []
    for name, ways in compared.items():
        for way, pair in ways.items():
            times, (ours, theirs) = ratio(pair), pair
            rows.append(
                [
                    name,
                    way,
                    f"{ours:.0f}",
                    f"{theirs:.0f}",
                    f"{times:.1f} ×",
                    f"{GOALS[way]} ×",
                    report.verdict(times >= GOALS[way]),
                ]
            )
    head = ["page", "who asks", "ours a second", "theirs", "times", "wanted", "holds"]
    return (
        f"Ours is the demo, theirs at {urlsplit(address).netloc} the comparable page; "
        f"{CONNECTIONS} connections for {SECONDS} seconds, in turn, median of {ROUNDS}. "
        "Right after a change: something that the page shows is published before every request "
        "(a page, a listing, a handover), so that the page is never kept, nor any part of it that "
        "reads of the same.\n\n" + report.table(head, rows)
    )


def summary(compared):
    return [
        f"{way.capitalize()}: "
        + ", ".join(
            f"{name} {ways[way][0] / ways[way][1]:.1f} ×" for name, ways in compared.items()
        )
        + " the comparable page of bakerydemo, in requests a second."
        for way in GOALS
    ]


if __name__ == "__main__":
    main()
