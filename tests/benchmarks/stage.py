"""The portal as in production, on a database of its own, with much to search among.

Started by script/benchmark, which sets the environment.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
from psycopg import sql

LISTINGS = int(os.environ.get("BENCHMARK_LISTINGS", "100000"))
PAGES = max(LISTINGS // 50, 50)
FULL_SIZE = LISTINGS == 100_000


def set_up(*, filled=True):
    """Make Django ready, and the database as full as is asked for. Kept between runs."""
    # Without its pictures a database is of no use.
    media = Path(os.environ["MEDIA_ROOT"])
    create_database(fresh=bool(os.environ.get("BENCHMARK_FRESH")) or not media.exists())
    django.setup()

    from django.core.management import call_command

    from marketplace.listings.models import MaterialListing

    if not filled:
        return
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("setup_portal", verbosity=0)
    if MaterialListing.objects.count() < LISTINGS:
        fill()


def create_database(*, fresh):
    url = urlsplit(os.environ["DATABASE_URL"])
    name = url.path.strip("/")
    with psycopg.connect(url._replace(path="/postgres").geturl(), autocommit=True) as connection:
        if fresh:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not known.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def fill():
    from django.db import connection

    from search.index.entries import refresh_all

    from . import search_corpus

    print(f"Making {LISTINGS:,} listings …")
    search_corpus.fill(listings=LISTINGS, pages=PAGES)
    print("Making what search reads of them …")
    refresh_all()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
