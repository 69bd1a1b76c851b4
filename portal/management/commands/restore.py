from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.foundation.dump import DumpFailed
from portal.site import backups


class Command(BaseCommand):
    help = (
        "Replace database and media by those of a backup, compare, and rebuild the search index. "
        "Stop web, worker and timer first. What waited to be sent is not sent."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="A name that `backup --list` shows, or `latest`.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *, name, yes, **options):
        if name == "latest":
            kept = backups.listed()
            if not kept:
                raise CommandError("There is no backup.")
            name = kept[0].name
        if not yes and input(f"Everything here is replaced by {name}. Type yes: ") != "yes":
            raise CommandError("Nothing was changed.")
        try:
            manifest = backups.restore(name)
        except (backups.CannotRestore, backups.Differs, DumpFailed) as error:
            raise CommandError(str(error)) from error
        # The code may be newer than the backup.
        call_command("migrate", interactive=False, verbosity=0)
        call_command("search_rebuild", entries=True, stdout=self.stdout)
        rows, files = sum(manifest["counts"].values()), len(manifest["files"])
        self.stdout.write(f"Restored {rows} rows and {files} files of {manifest['made_at']}.")
