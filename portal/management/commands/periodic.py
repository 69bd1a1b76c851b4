from django.core.management.base import BaseCommand

from marketplace import imports, photos, services, tasks
from portal import mail
from search import upkeep

# What time brings about, in this order. Each does only what is still to be done, so that running
# all of it every few minutes, or twice at once, is harmless.
JOBS = [
    services.remind_unanswered,
    services.expire_reservations,
    services.remind_of_pickups,
    services.ask_about_uncollected,
    services.expire_offers,
    services.ask_about_regular_offers,
    tasks.send_summaries,
    tasks.send_forgotten,
    mail.deliver_due,
    upkeep.keep_up,
    imports.tend_imports,
    photos.remove_unused,
]


class Command(BaseCommand):
    help = (
        "Does what is due: reminders, requests that end, mail that waits. Run it every 5 minutes."
    )

    def handle(self, **options):
        failed = 0
        for job in JOBS:
            name = job.__name__.replace("_", " ")
            try:
                done = job()
            except Exception as error:
                failed += 1
                self.stderr.write(f"{name}: {error!r}")
            else:
                self.stdout.write(f"{name}: {done}")
        if failed:
            raise SystemExit(1)
