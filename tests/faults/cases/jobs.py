"""What is done in the background."""

from datetime import timedelta

from django.utils import timezone

from ..site import wait_for
from ..trial import Fault, Trial

MAILS = 100


def write_mails(number: int) -> None:
    from django.core.mail import EmailMessage

    from portal.foundation.mail.queue import queue

    for each in range(number):
        to = f"reader{timezone.now():%H%M%S%f}-{each}@example.org"
        queue(EmailMessage(f"Letter {each}", "Words", to=[to]))


def killed_among_mails(trial: Trial) -> None:
    trial.may_double = 1
    postman = trial.site.mail.postman
    before = len(postman.taken)
    postman.seconds = 0.1
    write_mails(MAILS)
    wait_for(lambda: len(postman.taken) > before + 10, seconds=60, pause=0.05)
    trial.site.worker.kill()
    postman.seconds = 0.0
    trial.recovered()
    trial.notes.append(
        "the one mail that the server had taken, and the worker not noted, comes twice, with the "
        "same Message-ID"
    )


def killed_in_index(trial: Trial) -> None:
    from marketplace.signals import send_listing_changed
    from search.index.models import SearchEntry

    trial.people.bring(160)
    pks = [listing.pk for listing in trial.people.listings[-40:]]
    for pk in pks:
        send_listing_changed(pk)
    trial.rest(0.5)
    trial.site.worker.kill()
    trial.recovered()
    found = SearchEntry.objects.filter(type=SearchEntry.Type.MATERIAL, object_id__in=pks)
    trial.must(
        lambda: found.values("object_id").distinct().count() == len(pks),
        "all listings are found",
        within=120,
    )


def killed_in_newsletter(trial: Trial) -> None:
    from inspiration.newsletter.models import Newsletter, NewsletterText, Subscriber
    from inspiration.newsletter.services import start_sending
    from tests.factories import SuperuserFactory

    now = timezone.now()
    Subscriber.objects.bulk_create(
        Subscriber(
            email=f"subscriber{now:%H%M%S}-{each}@example.org", language="sv", confirmed_at=now
        )
        for each in range(MAILS)
    )
    newsletter = Newsletter(name="Faults")
    newsletter.texts = [NewsletterText(language="sv", subject="Nytt", introduction="<p>Nytt.</p>")]
    newsletter.save()
    start_sending(newsletter=newsletter, by=SuperuserFactory(password=None))
    wait_for(newsletter.deliveries.exclude(settled_at=None).exists, seconds=60, pause=0.05)
    trial.site.worker.kill()
    trial.recovered()
    trial.must(
        lambda: not newsletter.deliveries.filter(settled_at=None).exists(),
        "every subscriber gets it",
        within=150,
    )
    trial.must(newsletter.deliveries.count() == MAILS, "one each")


def poison_job(trial: Trial) -> None:
    """A job that fails at its last try is set aside; the others go on."""
    from django_tasks_db.models import DBTaskResult
    from taggit.models import Tag

    from portal.foundation.jobs import queue
    from tests.portal.jobs import probes

    name = f"restored {timezone.now():%H%M%S}"
    job = probes.fail_until_noted.enqueue(name)
    tried = ["before"] * (queue.MAX_TRIES - 1)
    DBTaskResult.objects.filter(pk=job.id).update(worker_ids=tried, run_after=timezone.now())
    trial.must_see("failed_jobs", "1 set aside", within=120)
    Tag.objects.create(name=name)
    queue.send_again([job.id])
    trial.recovered()


def poison_row(trial: Trial) -> None:
    """A row that fails in a regular step is reported, and the others are done."""
    from marketplace.exchange.reservations.models import Reservation
    from tests.factories import ListingFactory, ReservationFactory, StockFactory

    long_ago = timezone.now() - timedelta(days=20)
    company = trial.people.next_company().organisation
    rows = []
    for school in trial.people.schools[:4]:
        listing = ListingFactory(organisation=company, category=trial.people.category)
        rows.append(
            ReservationFactory(
                listing=listing, organisation=school.organisation, created_at=long_ago
            )
        )
    broken, *healthy = rows
    broken.listing.stock.delete()
    trial.site.manage("periodic")
    ended = Reservation.objects.filter(state=Reservation.State.EXPIRED)
    pks = [each.pk for each in healthy]
    trial.must(ended.filter(pk__in=pks).count() == len(pks), "the healthy rows have been done")
    trial.must_see("periodic", "failing", within=30)
    StockFactory(listing=broken.listing)
    trial.recovered()
    trial.site.manage("periodic")
    trial.must(ended.filter(pk=broken.pk).exists(), "the restored row has been done")


FAULTS = [
    Fault("the worker killed among 100 mails", killed_among_mails, row="`worker: nobody works`"),
    Fault("the worker killed in index jobs", killed_in_index, row="`worker: nobody works`"),
    Fault("the worker killed in a newsletter", killed_in_newsletter, row="`worker: nobody works`"),
    Fault(
        "a job that fails every time",
        poison_job,
        row="`failed_jobs: n set aside`",
        step="Try again",
    ),
    Fault(
        "a row that fails in a regular step",
        poison_row,
        row="`periodic: failing",
        step="put the row right",
    ),
]
