"""PostgreSQL."""

import psycopg

from ..trial import Fault, Trial

LOCKED_SECONDS = 25


def restarted(trial: Trial) -> None:
    trial.site.postgres.stop()
    trial.rest(4)
    trial.must_see("database", "unavailable", within=20)
    trial.site.postgres.start()
    trial.recovered()


def exhausted(trial: Trial) -> None:
    """Somebody else holds every connection that PostgreSQL has."""
    held = []
    try:
        while len(held) < 200:
            held.append(psycopg.connect(trial.site.env["DATABASE_URL"]))
    except psycopg.OperationalError:
        pass
    trial.must(len(held) < 200, "there are no more connections")
    trial.rest(15)
    for connection in held:
        connection.close()


def locked(trial: Trial) -> None:
    with psycopg.connect(trial.site.env["DATABASE_URL"]) as connection:
        connection.execute("LOCK TABLE marketplace_materiallisting IN ACCESS EXCLUSIVE MODE")
        trial.rest(LOCKED_SECONDS)
    trial.recovered()


FAULTS = [
    Fault("PostgreSQL restarted", restarted, row="`database: unavailable`"),
    Fault("all connections of PostgreSQL taken for 15 s", exhausted, row="many 503"),
    Fault("the table of listings locked for 25 s", locked, row="many 503"),
]
