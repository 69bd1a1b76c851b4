from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines.connection import UNSURE, is_configured
from search.index.entries import refresh_all
from search.index.sync import RebuildRunning, reconcile


class Command(BaseCommand):
    help = "Compare what search reads with its sources, and Elasticsearch with that; repair both."

    def handle(self, **options: Any) -> None:
        done = refresh_all()
        self.stdout.write(
            f"Entries: {done['added']} missing, {done['changed']} stale, {done['removed']} "
            f"superfluous, {done['unchanged']} as they should be."
        )
        if not is_configured():
            return
        try:
            found = reconcile()
        except RebuildRunning as error:
            raise CommandError("Another process is rebuilding.") from error
        except UNSURE as error:
            raise CommandError(f"Elasticsearch did not do it all: {error}") from error
        self.stdout.write(
            "Elasticsearch: {missing} missing, {stale} stale, {extra} superfluous; "
            "repaired.".format(**found)
        )
