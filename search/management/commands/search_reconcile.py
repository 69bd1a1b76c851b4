from django.core.management.base import BaseCommand, CommandError

from search import index, upkeep
from search.connection import UNSURE, is_configured


class Command(BaseCommand):
    help = "Compare what search reads with its sources, and Elasticsearch with that; repair both."

    def handle(self, **options):
        done = index.refresh_all()
        self.stdout.write(
            f"Entries: {done['added']} missing, {done['changed']} stale, {done['removed']} "
            f"superfluous, {done['unchanged']} as they should be."
        )
        if not is_configured():
            return
        try:
            found = upkeep.reconcile()
        except upkeep.RebuildRunning as error:
            raise CommandError("Another process is rebuilding.") from error
        except UNSURE as error:
            raise CommandError(f"Elasticsearch did not do it all: {error}") from error
        self.stdout.write(
            "Elasticsearch: {missing} missing, {stale} stale, {extra} superfluous; "
            "repaired.".format(**found)
        )
