from time import monotonic

from django.core.management.base import BaseCommand, CommandError

from search import index, upkeep
from search.connection import UNSURE, is_configured
from search.models import SearchEntry


class Command(BaseCommand):
    help = (
        "Build Elasticsearch's indices anew and swap them in without a gap, while searches and "
        "changes go on."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--entries",
            action="store_true",
            help="First make the table that search reads anew, as after a change of the analysis.",
        )

    def handle(self, *, entries, **options):
        if entries or not SearchEntry.objects.exists():
            done = index.refresh_all(progress=Progress(self.stdout, "things looked at"))
            self.stdout.write(
                f"Entries: {done['added']} added, {done['changed']} changed, "
                f"{done['removed']} removed, {done['unchanged']} as they were."
            )
        if not is_configured():
            self.stdout.write("No Elasticsearch: the database answers.")
            return
        try:
            count = upkeep.rebuild(progress=Progress(self.stdout, "documents"))
        except upkeep.RebuildRunning as error:
            raise CommandError("Another process is rebuilding.") from error
        except UNSURE as error:
            raise CommandError(f"Elasticsearch did not do it all: {error}") from error
        self.stdout.write(f"{count} documents in Elasticsearch.")


class Progress:
    """Tells every few seconds how far it has come."""

    EVERY_SECONDS = 5

    def __init__(self, stdout, what):
        self.stdout, self.what = stdout, what
        self.started = self.told = monotonic()

    def __call__(self, count, total=None):
        now = monotonic()
        if now - self.told >= self.EVERY_SECONDS or count == total:
            self.told = now
            of = f" of {total}" if total else ""
            rate = count / max(now - self.started, 0.001)
            self.stdout.write(f"  {count}{of} {self.what}, {rate:.0f} a second")
