"""What script/server runs, in one process: it starts once and not for every step."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, build the demo once, do what is due, and serve the site for development."
    # A first start lays the database down before anything opens it.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("address", help="Where to listen: 127.0.0.1:8000.")

    def handle(self, *, address, **options):
        base = settings.WAGTAILADMIN_BASE_URL
        call_command("fresh_database")
        call_command("migrate", verbosity=0)
        call_command("demo", stdout=self.stdout)
        call_command("periodic", stdout=self.stdout)
        self.stdout.write(
            f"\nÅterbruksportalen:  {base}/      English: {base}/en/\n"
            f"Admin:              {base}/admin/\n"
            f"Mail it has sent:   {base}/dev/mejl/\n"
        )
        call_command("demo", print_logins=True, stdout=self.stdout)
        self.stdout.write("\nStop with Ctrl+C.")
        call_command("runserver", address, use_reloader=False)
