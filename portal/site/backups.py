"""Backups: database and media in one file, and the way back.

Media are gathered before the database is written down, and what came meanwhile after it: so every
file that a row of the backup names is in it. What waited to be sent does not leave a restored
portal: its recipients would get it twice.
"""

import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from post_office.models import STATUS, Email, Log

from inspiration.newsletter.models import Newsletter, NewsletterDelivery
from marketplace.notifications.models import Notification
from portal.foundation import dump, sealed
from portal.foundation.jobs.models import WorkerLane
from portal.foundation.vault import MOMENT, PREFIX, Kept, vault
from search.saved.models import SavedSearchHit

DATABASE, MANIFEST, MEDIA = "database", "manifest.json", "media/"
# Made again when they are asked for.
NOT_KEPT = ("health/",)
RESTORED = "Not sent: it waited in a backup that has been restored."


class CannotRestore(Exception):
    """Why a backup was not put back; nothing has been changed."""


class Differs(Exception):
    """What is there after a restore is not what the backup says."""


def listed() -> list[Kept]:
    """The backups that are kept, the newest first."""
    return vault().listed()


# --- Making one -----------------------------------------------------------------------------------


def make(now: datetime | None = None) -> Kept:
    """Make a backup, put it where it belongs, and remove those that are too old."""
    now = now or timezone.now()
    key = settings.BACKUP_KEY and sealed.read_key(settings.BACKUP_KEY)
    name = f"{PREFIX}{now.astimezone(UTC).strftime(MOMENT)}.tar{'.sealed' if key else ''}"
    with tempfile.TemporaryDirectory(prefix="portal-backup-") as folder:
        path = Path(folder) / name
        with path.open("wb") as file:
            _write(file, key or None, Path(folder))
        vault().put(path, name)
    remove_old(now)
    return next(kept for kept in listed() if kept.name == name)


def _write(file: BinaryIO, key: bytes | None, folder: Path) -> None:
    target = sealed.SealingWriter(file, key) if key else file
    with tarfile.open(fileobj=target, mode="w|") as archive:
        first = set(media_names())
        files = {name: _add_media(archive, name) for name in sorted(first)}
        dumped = folder / DATABASE
        counts = dump.dump(dumped)
        archive.add(dumped, DATABASE)
        later = set(media_names()) - first
        files |= {name: _add_media(archive, name) for name in sorted(later)}
        manifest = {
            "made_at": timezone.now().isoformat(),
            "engine": settings.DATABASES["default"]["ENGINE"],
            "counts": counts,
            # One that was removed while it was being read is no part of the backup.
            "files": {name: size for name, size in files.items() if size is not None},
        }
        _add_bytes(archive, MANIFEST, json.dumps(manifest).encode())
    if key:
        target.close()


def media_names(folder: str = "") -> Iterator[str]:
    """The names of all files that people have uploaded, in the folder or bucket of media."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        path = f"{folder}{name}"
        if not path.startswith(NOT_KEPT):
            yield path
    for name in folders:
        yield from media_names(f"{folder}{name}/")


def _add_media(archive: tarfile.TarFile, name: str) -> int | None:
    try:
        with default_storage.open(name) as file:
            about = tarfile.TarInfo(MEDIA + name)
            about.size = default_storage.size(name)
            archive.addfile(about, file)
            return about.size
    except FileNotFoundError:
        return None


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(content)
    archive.addfile(about, io.BytesIO(content))


def remove_old(now: datetime) -> int:
    """Remove backups older than `BACKUP_KEEP_DAYS`, but never the newest. Returns how many."""
    limit = now - timedelta(days=settings.BACKUP_KEEP_DAYS)
    old = [kept for kept in listed()[1:] if kept.made_at < limit]
    for kept in old:
        vault().remove(kept.name)
    return len(old)


# --- Putting one back -----------------------------------------------------------------------------


@contextmanager
def _opened(name: str) -> Iterator[Path]:
    """A folder with what is in the backup. Raises `CannotRestore`."""
    if name not in {kept.name for kept in listed()}:
        raise CannotRestore(f"There is no backup called {name}.")
    with tempfile.TemporaryDirectory(prefix="portal-restore-") as temporary:
        folder = Path(temporary)
        path = folder / name
        vault().get(name, path)
        inside = folder / "inside"
        try:
            with path.open("rb") as file:
                source: BinaryIO | sealed.SealedReader = file
                if name.endswith(".sealed"):
                    source = sealed.SealedReader(file, sealed.read_key(settings.BACKUP_KEY))
                with tarfile.open(fileobj=source, mode="r|") as archive:
                    archive.extractall(inside, filter="data")
        except (sealed.WrongKey, ValueError, tarfile.TarError) as error:
            raise CannotRestore(f"{name} cannot be read: {error}") from error
        path.unlink()
        yield inside


def restore(name: str) -> dict:
    """Replace database and media by those of a backup; returns its manifest.

    Raises `CannotRestore` before anything is changed, and `Differs` if something is missing after.
    """
    if WorkerLane.objects.alive().exists():
        raise CannotRestore("A worker is running. Stop workers, timer and web processes first.")
    with _opened(name) as folder:
        manifest = json.loads((folder / MANIFEST).read_text())
        if manifest["engine"] != settings.DATABASES["default"]["ENGINE"]:
            raise CannotRestore(f"The backup is of {manifest['engine']}; move_to changes engines.")
        dump.load(folder / DATABASE)
        silence()
        for media in manifest["files"]:
            _put_back(folder / "media" / media, media)
    compare(manifest)
    return manifest


def _put_back(path: Path, name: str) -> None:
    if default_storage.exists(name):
        default_storage.delete(name)
    with path.open("rb") as file:
        default_storage.save(name, File(file))


@transaction.atomic
def silence(now: datetime | None = None) -> int:
    """Let nothing that waits be sent; administrators still see it, and can. Returns how many."""
    now = now or timezone.now()
    waiting = Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued])
    Log.objects.bulk_create(
        Log(email=email, status=STATUS.failed, message=RESTORED) for email in waiting
    )
    silent = waiting.update(status=STATUS.failed)
    undone = DBTaskResult.objects.exclude(pk__in=DBTaskResult.objects.finished())
    silent += undone.update(status="FAILED", finished_at=now, traceback=RESTORED)
    silent += Notification.objects.unmailed().update(mailed_at=now)
    silent += SavedSearchHit.objects.filter(notified_at=None).update(notified_at=now)
    silent += NewsletterDelivery.objects.filter(settled_at=None).update(settled_at=now)
    Newsletter.objects.unfinished().update(finished_at=now)
    WorkerLane.objects.all().delete()
    return silent


# Tables that `silence` writes, and counters that restart with each process.
CHANGED_BY_RESTORE = {"post_office_log", "portal_workerlane"}


def compare(manifest: dict) -> None:
    """Raise `Differs` unless every table and file of the manifest is there."""
    found = dump.counts()
    wrong = [
        f"{table}: {found.get(table)} rows instead of {number}"
        for table, number in manifest["counts"].items()
        if table not in CHANGED_BY_RESTORE and found.get(table) != number
    ]
    wrong += [
        f"{name} is missing or not whole"
        for name, size in manifest["files"].items()
        if not default_storage.exists(name) or default_storage.size(name) != size
    ]
    if wrong:
        raise Differs("; ".join(wrong))
