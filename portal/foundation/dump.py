"""Writing down the whole database and putting it back, as its own tools do it best."""

import os
import sqlite3
import subprocess
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction


class DumpFailed(Exception):
    """The database's own tool did not do it; the message is what it said."""


def dump(path: Path) -> dict[str, int]:
    """Write one consistent state of the database to `path`; returns {table: rows} of that state.

    Raises `DumpFailed`.
    """
    if connection.vendor == "sqlite":
        return _dump_sqlite(path)
    with transaction.atomic(), connection.cursor() as cursor:
        # Nothing of ours may end the transaction while pg_dump reads its state.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        form = ("--format=custom", "--no-owner", "--no-privileges")
        _run("pg_dump", *form, f"--snapshot={snapshot}", f"--file={path}")
        return counts()


def _dump_sqlite(path: Path) -> dict[str, int]:
    # A connection of its own: SQLite copies nothing for one that writes.
    source, copy = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(path)
    try:
        source.backup(copy)
        return {
            table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
            for table in tables()
        }
    finally:
        source.close()
        copy.close()


def load(path: Path) -> None:
    """Replace the database by what `dump` wrote, all or nothing. Raises `DumpFailed`."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(path)
        copy.backup(connection.connection)
        copy.close()
    else:
        connection.close()
        name = connection.settings_dict["NAME"]
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges")
        _run("pg_restore", *options, "--single-transaction", f"--dbname={name}", str(path))


def _run(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools with our own address; the password is in nobody's list."""
    config = connection.settings_dict
    environment = os.environ | {
        "PGHOST": config["HOST"] or "",
        "PGPORT": str(config["PORT"] or ""),
        "PGUSER": config["USER"] or "",
        "PGDATABASE": config["NAME"],
        "PGPASSWORD": config["PASSWORD"] or "",
    }
    try:
        done = subprocess.run(  # noqa: S603  # our own arguments
            [tool, *arguments],
            env={name: value for name, value in environment.items() if value},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise DumpFailed(
            f"{tool} is missing. On Debian: apt-get install postgresql-client"
        ) from None
    if done.returncode:
        raise DumpFailed(done.stderr.strip()[-2000:] or f"{tool} failed.")


def tables() -> list[str]:
    """The tables of all models."""
    models = apps.get_models(include_auto_created=True)
    return sorted({each._meta.db_table for each in models if each._meta.managed})


def counts() -> dict[str, int]:
    """{table: rows} of every model."""
    with connection.cursor() as cursor:
        found = {}
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
        return found
