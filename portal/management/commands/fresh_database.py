"""Begins with a database that has been migrated already, or makes that one again."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.site.starter import fresh


class Command(BaseCommand):
    help = (
        "Where the database is SQLite and not there yet: put an empty, migrated one in its place, "
        "which saves the minute that migrating takes. Changes nothing else."
    )
    # Checks may open the database, and so make an empty file of it.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--renew",
            action="store_true",
            help="Migrate from nothing, and keep the result in the repository.",
        )

    def handle(self, *, renew, **options):
        if renew:
            return self.renew()
        database = settings.DATABASES["default"]
        if database["ENGINE"].endswith("sqlite3"):
            fresh.lay_down(Path(database["NAME"]))

    def renew(self):
        """In a process of its own, whose database is nowhere else."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "portal.sqlite3"
            subprocess.run(  # our own command
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                env=os.environ | {"DATABASE_URL": f"sqlite:///{path}", "DATABASE_HOST": ""},
                cwd=settings.BASE_DIR,
                check=True,
            )
            fresh.pack(path)
        self.stdout.write(f"{fresh.FILE.name}: {fresh.FILE.stat().st_size // 1024} kB")
