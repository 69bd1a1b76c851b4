from django.core.management.base import BaseCommand, CommandError

from search import elasticsearch_engine, index


class Command(BaseCommand):
    help = "Compare what search reads with its sources, and Elasticsearch with that; repair both."

    def handle(self, **options):
        count = index.refresh_all()
        self.stdout.write(f"{count} things looked at.")
        if not elasticsearch_engine.is_configured():
            return
        try:
            found = elasticsearch_engine.reconcile()
        except elasticsearch_engine.UNSURE as error:
            raise CommandError(f"Elasticsearch does not answer: {error}") from error
        self.stdout.write(
            "Elasticsearch: {missing} missing, {stale} stale, {extra} superfluous; "
            "repaired.".format(**found)
        )
