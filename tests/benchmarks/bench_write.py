"""How many jobs a worker does in a second, and how many jobs a write leaves.

    script/benchmark write

The usual mix: one mail for every three listings that are changed and published. The worker is
`manage.py worker`, started for it, with Elasticsearch and a mail server that takes all at once.
"""

import os
import resource
import subprocess
import sys
import time
from random import Random

from django.utils import timezone

from tests.faults.services import Mail

from . import report, stage

LISTINGS, MAILS = 1_500, 500
WANTED_JOBS, WANTED_PER_WRITE = 150, 1


def main():
    stage.set_up()
    from search.index.sync import build_missing

    build_missing()
    make_pictures_ready()
    work_off()
    changed = change_listings()
    per_write = waiting() / changed
    write_mails()
    jobs = waiting()
    mail = Mail()
    mail.start()
    used = processor_seconds()
    since = timezone.now()
    try:
        whole = work_off(f"smtp://127.0.0.1:{mail.port}")
    finally:
        mail.stop()
    used = processor_seconds() - used
    seconds = busy_seconds(since)
    rate = jobs / seconds
    report.publish(
        "Write",
        f"{stage.LISTINGS:,} listings. {changed:,} of them changed and {MAILS:,} mails written, "
        f"then done by one worker: {jobs:,} jobs in {seconds:.1f} s from the start of the first to "
        f"the end of the last, and {whole:.1f} s with the start of the process, {used:.1f} s "
        f"of them the worker's own processor time, with PostgreSQL's fsync {fsync()}."
        "\n\n"
        + report.table(
            ["what", "wanted", "measured", "holds"],
            [
                [
                    "jobs a second",
                    f"≥ {WANTED_JOBS}",
                    f"{rate:.0f}",
                    report.verdict(rate >= WANTED_JOBS),
                ],
                [
                    "jobs left by a write",
                    f"{WANTED_PER_WRITE}",
                    f"{per_write:.2f}",
                    report.verdict(per_write <= WANTED_PER_WRITE),
                ],
            ],
        ),
        summary=[f"A worker does {rate:.0f} jobs a second; a write leaves {per_write:.2f}."],
    )


def make_pictures_ready():
    """Make the sizes of all pictures, as when what they belong to was first published."""
    from portal.foundation.images.models import CustomImage
    from portal.foundation.images.tasks import make_renditions

    make_renditions.func(list(CustomImage.objects.values_list("pk", flat=True)))


def change_listings():
    """Change and publish listings one by one, as people do; returns how many."""
    from django.db import transaction

    from marketplace.listings.models import MaterialListing

    listings = MaterialListing.objects.filter(live=True).order_by("pk")[: 10 * LISTINGS]
    chosen = Random(3).sample(list(listings), min(LISTINGS, len(listings)))
    for listing in chosen:
        listing.description = f"{listing.description}."
        with transaction.atomic():
            listing.save_revision().publish()
    return len(chosen)


def write_mails():
    from django.core.mail import EmailMessage

    from portal.foundation.mail.queue import queue

    # Nobody gets more than they may, however often this is run.
    run = int(time.time())
    for number in range(MAILS):
        to = f"reader{number}-{run}@example.org"
        queue(EmailMessage(f"Letter {number}", "Words", to=[to]))


def waiting():
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.filter(status="READY").count()


def busy_seconds(since):
    """From the start of the first job to the end of the last that ended from `since` on."""
    from django.db.models import Max, Min
    from django_tasks_db.models import DBTaskResult

    done = DBTaskResult.objects.filter(finished_at__gte=since)
    times = done.aggregate(first=Min("started_at"), last=Max("finished_at"))
    return (times["last"] - times["first"]).total_seconds()


def processor_seconds():
    """What the programs that have been started and have ended took of the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def fsync():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        return cursor.fetchone()[0]


def work_off(mail_address="dummymail://"):
    """Have a worker do all that waits; returns the seconds from its start to its end."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "manage.py", "worker", "--batch"],
        env=os.environ | {"EMAIL_URL": mail_address},
        check=True,
    )
    seconds = time.perf_counter() - started
    if left := waiting():
        raise SystemExit(f"{left} jobs are left.")
    return seconds


if __name__ == "__main__":
    main()
