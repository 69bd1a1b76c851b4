"""Handing queued mail to a mail server, and what follows when it refuses.

What a server refuses for good ends at once. Anything else is tried for three days, with growing
waits, and at once when a server that was away is back (`server`); a code is tried every few
seconds, and not after it has ceased to be valid.
"""

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, default_task_backend, task
from django_tasks_db.models import DBTaskResult
from post_office.connections import connections
from post_office.models import PRIORITY, STATUS, Email, Log

from portal.foundation.jobs.batches import in_rounds
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.mail.models import SetAsideMail
from portal.foundation.mail.server import ServerAway, connect, is_connected
from portal.foundation.users.models import User

# A mail's priority → that of the job which sends it.
JOB_PRIORITY = {PRIORITY.low: -50, PRIORITY.medium: 0, PRIORITY.high: 25, PRIORITY.now: 100}
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=4)
# With these waits the last try comes after three days. Who is woken now and then has more tries.
MOST_TRIES = 24
TRIED_FOR = timedelta(days=3)
# Somebody sits and waits for a code.
URGENT_WAIT = timedelta(seconds=5)
# An outage costs one attempt in this time and not one per mail.
LOOK_AGAIN = timedelta(seconds=20)
# Codes that say nothing of this mail but of us: who we are, or how the connection was made.
OUR_OWN_FAULT = (421, 530, 534, 535, 538)


def due(now: datetime | None = None) -> QuerySet[Email]:
    """Mail that waits to be sent, and may be tried now."""
    now = now or timezone.now()
    return Email.objects.filter(
        Q(scheduled_time=None) | Q(scheduled_time__lte=now),
        Q(expires_at=None) | Q(expires_at__gt=now),
        status__in=[STATUS.queued, STATUS.requeued],
    )


@task()
def deliver_mail(email_id: int) -> None:
    """Hand one mail to the server, unless somebody else does or has done so."""
    deliver(email_id)


# Few, as other workers cannot help with what one has taken, and servers end long connections.
@in_rounds(deliver_mail, most=20)
def deliver_many(waiting: Sequence[Sequence]) -> None:
    """`deliver_mail` for many, over one connection."""
    with one_connection():
        for (email_id,) in waiting:
            deliver_over_it(email_id)


@contextmanager
def one_connection() -> Iterator[None]:
    """Keep the connection that the first mail makes for the others, and close it in the end."""
    try:
        yield
    finally:
        connections.close()


def enqueue(email: Email, *, after: timedelta | None = None) -> None:
    """Have a worker deliver `email`, now or `after` a while."""
    job = deliver_mail.using(priority=JOB_PRIORITY[email.priority])
    if after is not None:
        if not default_task_backend.supports_defer:
            return  # Without a worker the next `periodic` does it.
        job = job.using(run_after=timezone.now() + after)
    job.enqueue(email.pk)


def deliver(email_id: int) -> bool:
    """Try to send a mail once, under a lock on its row. Returns whether the server took it."""
    with one_connection():
        return deliver_over_it(email_id)


@transaction.atomic
def deliver_over_it(email_id: int) -> bool:
    """`deliver`, inside `one_connection`."""
    email = due().select_for_update(skip_locked=True).filter(pk=email_id).first()
    if email is None:
        return False
    try:
        with transaction.atomic():
            # Noted first: only the commit is between the server's answer and our knowing of it.
            sent = Email.objects.filter(pk=email_id)
            sent.update(status=STATUS.sent, last_updated=timezone.now())
            Log.objects.create(email=email, status=STATUS.sent)
            _hand_over(email)
    except Exception as error:
        connections.close()
        _refused(email, error)
        return False
    return True


def _hand_over(email: Email) -> None:
    """Give `email` to the server. Raises what the server or the connection does."""
    # Nobody waits once more for what has just not answered; a code is worth the try.
    if not is_connected() and not email.expires_at and is_known_to_be_away():
        raise ServerAway("The mail server has just not answered.")
    connect(email.backend_alias)
    email.dispatch(commit=False, disconnect_after_delivery=False)


def is_permanent(error: Exception) -> bool:
    """Whether a mail server has said that it will never take this mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _answer in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    else:
        return False
    return bool(codes) and all(500 <= code < 600 and code not in OUR_OWN_FAULT for code in codes)


def _refused(email: Email, error: Exception) -> None:
    """Note why `email` was not taken; wait with it, or end it."""
    now = timezone.now()
    tries = (email.number_of_retries or 0) + 1
    if email.expires_at:
        wait, over = URGENT_WAIT, now + URGENT_WAIT >= email.expires_at
    else:
        wait, over = min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT), _is_over(email, tries)
    over = over or is_permanent(error)
    email.number_of_retries = tries
    email.status = STATUS.failed if over else STATUS.requeued
    email.scheduled_time = None if over else now + wait
    email.save(update_fields=["status", "number_of_retries", "scheduled_time", "last_updated"])
    Log.objects.create(
        email=email,
        status=STATUS.failed,
        message=str(error),
        exception_type=type(error).__name__,
    )
    if isinstance(error, ServerAway):
        transaction.on_commit(look_later)
    if not over and email.expires_at:
        transaction.on_commit(lambda: enqueue(email, after=wait))


def _is_over(email: Email, tries: int) -> bool:
    return tries >= MOST_TRIES and email.created <= timezone.now() - TRIED_FOR


def is_known_to_be_away() -> bool:
    """Whether a job waits to look for the server again."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    return waiting.filter(task_path=look_for_server.module_path).exists()


# Before all that waits for the server, and not in the way of codes, which are tried anyway.
@task(priority=20)
def look_for_server() -> None:
    """Have all mail that waits tried at once if the server is there, or look again later."""
    try:
        connect()
    except ServerAway:
        look_later()
    else:
        connections.close()
        wake()


def look_later() -> None:
    """Look for the server in a while, unless somebody does so already."""
    if default_task_backend.supports_defer and not is_known_to_be_away():
        look_for_server.using(run_after=timezone.now() + LOOK_AGAIN).enqueue()


@transaction.atomic
def wake() -> int:
    """Have all mail that was not taken tried now. Returns how many."""
    waiting = Email.objects.filter(status=STATUS.requeued)
    waiting.update(scheduled_time=timezone.now())
    for email in waiting:
        enqueue(email)
    return len(waiting)


def deliver_due() -> int:
    """Try all mail whose time has come. Returns how many a server took."""
    end_expired()
    with one_connection():
        return for_each_row(due().order_by("-priority", "pk"), deliver_over_it)


def end_expired(now: datetime | None = None) -> int:
    """End mail that nobody could use any more, such as codes. Returns how many."""
    now = now or timezone.now()
    waiting = Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued], expires_at__lte=now)
    pks = list(waiting.values_list("pk", flat=True))
    with transaction.atomic():
        Log.objects.bulk_create(
            Log(email_id=pk, status=STATUS.failed, exception_type="Expired", message="Too late")
            for pk in pks
        )
        Email.objects.filter(pk__in=pks).update(status=STATUS.failed)
    return len(pks)


class CannotSendAgain(Exception):
    """A mail that has been sent, or says what is no longer valid, is not sent again."""

    def __str__(self) -> str:
        return _("It has already been sent, or its contents are no longer valid.")


def may_send(email: Email) -> bool:
    """Whether `email` is of use to its reader and has not been sent."""
    expired = email.expires_at and email.expires_at <= timezone.now()
    return email.status != STATUS.sent and not expired


@transaction.atomic
def send_again(*, email_id: int) -> Email:
    """Retry a mail that failed or waits, with its attempts reset.

    Raises `CannotSendAgain`.
    """
    email = Email.objects.select_for_update().get(pk=email_id)
    if not may_send(email):
        raise CannotSendAgain
    email.status = STATUS.queued
    email.number_of_retries = 0
    email.scheduled_time = None
    email.save(update_fields=["status", "number_of_retries", "scheduled_time", "last_updated"])
    transaction.on_commit(lambda: enqueue(email))
    return email


@transaction.atomic
def set_aside(*, email_id: int, by: User) -> None:
    """Let a mail that failed be: it is not sent, and waits for nobody any more."""
    email = Email.objects.select_for_update().get(pk=email_id)
    SetAsideMail.objects.get_or_create(email=email, defaults={"by": by})
