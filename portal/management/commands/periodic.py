from django.core.management.base import BaseCommand

from inspiration import newsletters, scheduled
from marketplace import imports, services, tasks, yearly_reports
from portal import mail, retention
from search import matching, saved, upkeep

# What time brings about, in this order. Each does only what is still to be done, so that running
# all of it every few minutes, or twice at once, is harmless.
JOBS = [
    scheduled.publish_scheduled,
    services.remind_unanswered,
    services.expire_reservations,
    services.remind_of_pickups,
    services.ask_about_uncollected,
    services.expire_offers,
    services.ask_about_regular_offers,
    tasks.send_summaries,
    tasks.send_forgotten,
    yearly_reports.send_yearly_reports,
    newsletters.resume_newsletters,
    upkeep.keep_up,
    matching.match_new,
    saved.tell_all,
    imports.tend_imports,
    mail.deliver_due,
    retention.apply_retention,
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
