from django.core.management.base import BaseCommand

from portal.foundation.jobs import periodic
from portal.site.periodic import STEPS


class Command(BaseCommand):
    help = (
        "Does what is due: reminders, requests that end, mail that waits. Run it every 5 minutes."
    )

    def handle(self, **options):
        if periodic.run(STEPS, self.stdout.write):
            raise SystemExit(1)
