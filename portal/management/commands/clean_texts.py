from django.core.management.base import BaseCommand, CommandError

from portal.foundation.text_cleaning.repair import clean_stored_texts


class Command(BaseCommand):
    help = (
        "Clean stored texts: composed letters, no control or invisible characters, equal tags "
        "merged. Safe to run at any time, and twice."
    )

    def handle(self, **options):
        changed, failures = clean_stored_texts()
        self.stdout.write(f"{changed} rows cleaned.")
        if failures:
            raise CommandError(
                "These rows could not be cleaned; look at them by hand:\n" + "\n".join(failures)
            )
