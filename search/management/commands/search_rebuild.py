from django.core.management.base import BaseCommand

from search import elasticsearch_engine, index


class Command(BaseCommand):
    help = "Rebuild what search reads, and Elasticsearch's indices behind their aliases."

    def handle(self, **options):
        def progress(count):
            self.stdout.write(f"  {count}")

        count = index.refresh_all(progress=progress)
        self.stdout.write(f"{count} things looked at.")
        if elasticsearch_engine.is_configured():
            count = elasticsearch_engine.rebuild(progress=progress)
            self.stdout.write(f"{count} documents in Elasticsearch.")
