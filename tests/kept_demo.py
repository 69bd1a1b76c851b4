"""The demo site for tests that look at it: made once in a run, and copied after that.

Making it takes a minute or two, copying its rows and files a few seconds.
"""

import fcntl
import io
import shutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import TestCase

# Tells what has been migrated, which is the same in every database.
NOT_COPIED = {"django_migrations"}


def have_demo(folder: Path) -> None:
    """Put the demo into the database and the media folder, whatever they hold.

    `folder` is shared by all processes of the run: the first makes the demo and leaves a copy
    there, and others wait for it. On SQLite each makes its own.
    """
    if connection.vendor != "postgresql":
        make_demo()
        return
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        finished = folder / "finished"
        if finished.exists():
            copy_in(folder)
        else:
            copy_out(folder)
            finished.touch()
    look_through()


def look_through() -> None:
    """Let the database know how much there is: it looks by itself only at what is committed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def make_demo():
    """Make the demo, with what waits for the end of a transaction that may never be committed."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("demo", here=True, stdout=io.StringIO())


def tables() -> list[tuple[str, str]]:
    """(name, the same as SQL) of every table."""
    names = sorted({*connection.introspection.table_names()} - NOT_COPIED)
    return [(name, connection.ops.quote_name(name)) for name in names]


def media_files() -> set[Path]:
    """Of all files in the media folder, where they are in it."""
    root = Path(settings.MEDIA_ROOT)
    return {path.relative_to(root) for path in root.rglob("*") if path.is_file()}


def copy_files(paths, source: Path, target: Path) -> None:
    for path in paths:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, target / path)


def copy_out(folder: Path) -> None:
    """Make the demo, and leave its rows and files in `folder`."""
    before = media_files()
    make_demo()
    copy_files(media_files() - before, Path(settings.MEDIA_ROOT), folder / "media")
    with connection.cursor() as cursor:
        for name, quoted in tables():
            with (
                (folder / name).open("wb") as file,
                cursor.copy(f"COPY {quoted} TO STDOUT (FORMAT BINARY)") as rows,
            ):
                file.writelines(rows)


def copy_in(folder: Path) -> None:
    """Have the rows and files of `folder` instead of what is in the database."""
    media = folder / "media"
    copy_files(
        [path.relative_to(media) for path in media.rglob("*") if path.is_file()],
        media,
        Path(settings.MEDIA_ROOT),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(quoted for _name, quoted in tables())}")
        for name, quoted in tables():
            with cursor.copy(f"COPY {quoted} FROM STDIN (FORMAT BINARY)") as rows:
                rows.write((folder / name).read_bytes())
        models = apps.get_models(include_auto_created=True)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        connection.check_constraints()
    ContentType.objects.clear_cache()
