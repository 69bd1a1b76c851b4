"""How many jobs a worker does in a second, and how many jobs a write leaves.

    script/benchmark write

The usual mix: one mail for every three changed listings. The worker is `manage.py worker`, started
for it, with Elasticsearch and a mail server that takes everything at once.
"""

import os
import subprocess
import sys
import time
from random import Random

from tests.faults.services import Mail

from . import report, stage

LISTINGS, MAILS = 1_500, 500
WANTED_JOBS, WANTED_PER_WRITE = 150, 1


def main():
    stage.set_up()
    from search.index.sync import build_missing

    build_missing()
    work_off()
    changed = change_listings()
    per_write = waiting() / changed
    write_mails()
    jobs = waiting()
    mail = Mail()
    mail.start()
    try:
        seconds = work_off(f"smtp://127.0.0.1:{mail.port}")
    finally:
        mail.stop()
    rate = jobs / seconds
    report.publish(
        "Write",
        f"{stage.LISTINGS:,} listings. {changed:,} of them changed and {MAILS:,} mails written, "
        f"then done by one worker: {jobs:,} jobs in {seconds:.1f} s, its start included, with "
        f"PostgreSQL's fsync {fsync()}.\n\n"
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


def change_listings():
    """Change listings one by one, as people do; returns how many."""
    from marketplace.listings.models import MaterialListing

    listings = MaterialListing.objects.filter(live=True).order_by("pk")[: 10 * LISTINGS]
    chosen = Random(3).sample(list(listings), min(LISTINGS, len(listings)))
    for listing in chosen:
        listing.description = f"{listing.description}."
        listing.save()
    return len(chosen)


def write_mails():
    from django.core.mail import EmailMessage

    from portal.foundation.mail.queue import queue

    for number in range(MAILS):
        queue(EmailMessage(f"Letter {number}", "Words", to=[f"reader{number}@example.org"]))


def waiting():
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.filter(status="READY").count()


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
