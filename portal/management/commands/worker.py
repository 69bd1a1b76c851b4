from django.core.management.base import BaseCommand, CommandError

from portal.foundation.jobs.models import WorkerLane
from portal.foundation.jobs.worker import Worker, machine


class Command(BaseCommand):
    help = (
        "Do background jobs: mail, index updates, newsletters. Run one or more of these beside the "
        "web processes; it survives a restart of the database."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--lanes", type=int, default=1, help="How many jobs are done at the same time."
        )
        parser.add_argument(
            "--batch", action="store_true", help="Do what is due, then end. For tests and demos."
        )

        parser.add_argument(
            "--check", action="store_true", help="Only say whether a worker of this machine works."
        )

    def handle(self, *, lanes, batch, check, **options):
        if not check:
            Worker(lanes=lanes, batch=batch).run()
        elif not WorkerLane.objects.alive().filter(name__startswith=machine()).exists():
            raise CommandError("No worker of this machine has been seen.")
