import os
import subprocess
import sys

import environ
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.foundation import moving


def migrate(url: str) -> None:
    """Give the target today's schema, in a process whose own database it is.

    Some packages' migrations write to the default database, whichever is being migrated.
    """
    done = subprocess.run(  # our own program
        [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DATABASE_HOST": ""},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(done.stderr[-2000:])


class Command(BaseCommand):
    help = (
        "Bring everything from this database (a pilot on SQLite) to an empty PostgreSQL, and "
        "compare every row afterwards. Stop web, worker and timer first. Then set DATABASE_URL and "
        "run script/release, which builds the search index; media stay where they are."
    )

    def add_arguments(self, parser):
        parser.add_argument("url", help="postgres://user:password@host/name")

    def handle(self, *, url, **options):
        config = environ.Env.db_url_config(url)
        if not config["ENGINE"].endswith("postgresql"):
            raise CommandError("The target must be PostgreSQL.")
        migrate(url)
        moving.connect(config)
        try:
            moved = moving.move()
        except moving.NotEmpty:
            raise CommandError(
                "There are accounts in the target already; nothing was changed."
            ) from None
        except moving.Differs as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{sum(moved.values())} rows of {len(moved)} tables moved and compared.")
