from django.core.management.base import BaseCommand, CommandError

from portal.foundation.images.repair import clean_stored_pictures


class Command(BaseCommand):
    help = (
        "Clean stored pictures of places, times and odd data. Safe to run at any time, and twice."
    )

    def handle(self, **options):
        cleaned, failures = clean_stored_pictures()
        self.stdout.write(f"{cleaned} pictures cleaned.")
        if failures:
            raise CommandError(
                "These pictures could not be cleaned; look at them and remove or replace them:\n"
                + "\n".join(failures)
            )
