from django.core.management.base import BaseCommand, CommandError

from portal.foundation.dump import DumpFailed
from portal.site import backups


class Command(BaseCommand):
    help = (
        "Back up database and media together into BACKUP_TO (a folder, or s3://bucket/prefix), "
        "sealed with BACKUP_KEY when there is one, and remove what is older than BACKUP_KEEP_DAYS."
    )

    def add_arguments(self, parser):
        parser.add_argument("--list", action="store_true", help="Only list the backups.")

    def handle(self, *, list, **options):
        if list:
            for kept in backups.listed():
                self.stdout.write(f"{kept.name}  {kept.size / 1024**2:.1f} MB")
            return
        try:
            kept = backups.make()
        except (DumpFailed, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{kept.name}  {kept.size / 1024**2:.1f} MB")
