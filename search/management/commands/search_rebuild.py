from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines.connection import UNSURE, is_configured
from search.index.entries import refresh_all
from search.index.models import SearchEntry
from search.index.sync import RebuildRunning, rebuild


class Command(BaseCommand):
    help = (
        "Rebuild Elasticsearch's indices and swap them in without a gap, while searches and "
        "changes go on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--entries",
            action="store_true",
            help="First rebuild the table that search reads, as after a change of the analysis.",
        )

    def handle(self, *, entries: bool, **options: Any) -> None:
        if entries or not SearchEntry.objects.exists():
            done = refresh_all(progress=Progress(self.stdout, "things looked at"))
            self.stdout.write(
                f"Entries: {done['added']} added, {done['changed']} changed, "
                f"{done['removed']} removed, {done['unchanged']} as they were."
            )
        if not is_configured():
            self.stdout.write("No Elasticsearch: the database answers.")
            return
        try:
            count = rebuild(progress=Progress(self.stdout, "documents"))
        except RebuildRunning as error:
            raise CommandError("Another process is rebuilding.") from error
        except UNSURE as error:
            raise CommandError(f"Elasticsearch did not do it all: {error}") from error
        self.stdout.write(f"{count} documents in Elasticsearch.")


class Progress:
    """Tells every few seconds how far it has come."""

    EVERY_SECONDS = 5

    def __init__(self, stdout: Any, what: str) -> None:
        self.stdout, self.what = stdout, what
        self.started = self.told = monotonic()

    def __call__(self, count: int, total: int | None = None) -> None:
        now = monotonic()
        if now - self.told >= self.EVERY_SECONDS or count == total:
            self.told = now
            of = f" of {total}" if total else ""
            rate = count / max(now - self.started, 0.001)
            self.stdout.write(f"  {count}{of} {self.what}, {rate:.0f} a second")
