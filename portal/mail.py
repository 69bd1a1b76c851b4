"""Mail leaves through a queue in the database: kept until a server has taken it, sent once.

The queue's table and log are post_office's, so that administrators see every mail and its state.
Its own way in is not used, since it reads subject and text as Django templates, and ours contain
what people have typed.
"""

from datetime import timedelta
from email.mime.base import MIMEBase
from email.utils import make_msgid, parseaddr
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from post_office.connections import connections
from post_office.models import PRIORITY, STATUS, Attachment, Email, Log
from post_office.utils import create_attachments

# A mail's priority → that of the job which sends it.
JOB_PRIORITY = {PRIORITY.low: -50, PRIORITY.medium: 0, PRIORITY.high: 25, PRIORITY.now: 50}


class EmailBackend(BaseEmailBackend):
    """Puts every mail of the site into the queue."""

    def send_messages(self, messages):
        for message in messages:
            queue(message)
        return len(messages)


def queue(message, *, priority=PRIORITY.medium):
    """Put a Django `EmailMessage` into the queue; it leaves after commit. Returns the `Email`.

    What goes to many at once has `PRIORITY.low`, so that nobody's own mail waits behind it.
    """
    headers = {"Auto-Submitted": "auto-generated"} | message.extra_headers
    if message.reply_to:
        headers.setdefault("Reply-To", ", ".join(map(str, message.reply_to)))
    alternatives = getattr(message, "alternatives", [])
    email = Email.objects.create(
        from_email=message.from_email,
        to=[parseaddr(address)[1] for address in message.to],
        cc=message.cc,
        bcc=message.bcc,
        subject=" ".join(message.subject.split()),
        message=message.body,
        html_message=next((text for text, kind in alternatives if kind == "text/html"), ""),
        headers=headers,
        priority=priority,
        status=STATUS.queued,
        message_id=make_msgid(domain=settings.POST_OFFICE.get("MESSAGE_ID_FQDN")),
    )
    if message.attachments:
        email.attachments.add(*create_attachments(dict(map(_attachment, message.attachments))))
    job = deliver_mail.using(priority=JOB_PRIORITY[priority])
    transaction.on_commit(partial(job.enqueue, email.pk))
    return email


def _attachment(attachment):
    if isinstance(attachment, MIMEBase):
        content = attachment.get_payload(decode=True)
        return attachment.get_filename(), {
            "file": ContentFile(content),
            "mimetype": attachment.get_content_type(),
        }
    name, content, kind = attachment
    content = content.encode() if isinstance(content, str) else content
    return name, {"file": ContentFile(content), "mimetype": kind}


def due(now=None):
    """Mail that waits to be sent, and may be tried now."""
    now = now or timezone.now()
    return Email.objects.filter(
        Q(scheduled_time=None) | Q(scheduled_time__lte=now),
        Q(expires_at=None) | Q(expires_at__gt=now),
        status__in=[STATUS.queued, STATUS.requeued],
    )


@task()
def deliver_mail(email_id):
    """Hand one mail to the server, unless somebody else does or has done so."""
    deliver(email_id)


@transaction.atomic
def deliver(email_id):
    """Try to send a mail once, under a lock on its row. Returns whether the server took it.

    When the server does not answer, the mail waits: five minutes, then twice as long each time,
    until `MAX_RETRIES`.
    """
    email = due().select_for_update(skip_locked=True).filter(pk=email_id).first()
    if email is None:
        return False
    try:
        email.dispatch(commit=False)
    except Exception as error:
        connections.close()
        _postpone(email, error)
        return False
    email.status = STATUS.sent
    email.save(update_fields=["status", "last_updated"])
    Log.objects.create(email=email, status=STATUS.sent)
    return True


def _postpone(email, error):
    tries = (email.number_of_retries or 0) + 1
    interval = settings.POST_OFFICE.get("RETRY_INTERVAL", timedelta(minutes=5))
    gives_up = tries > settings.POST_OFFICE.get("MAX_RETRIES", 0)
    email.status = STATUS.failed if gives_up else STATUS.requeued
    email.number_of_retries = tries
    email.scheduled_time = timezone.now() + interval * 2 ** (tries - 1)
    email.save(update_fields=["status", "number_of_retries", "scheduled_time", "last_updated"])
    Log.objects.create(
        email=email,
        status=STATUS.failed,
        message=str(error),
        exception_type=type(error).__name__,
    )


def deliver_due():
    """Try all mail whose time has come. Returns how many a server took."""
    pks = list(due().order_by("-priority", "pk").values_list("pk", flat=True))
    return sum(deliver(pk) for pk in pks)


def remove_mail(pks):
    """Remove mail and the files that went with it. Returns how many mails."""
    attachments = list(Attachment.objects.filter(emails__in=pks).distinct())
    Email.objects.filter(pk__in=pks).delete()
    for attachment in attachments:
        if not attachment.emails.exists():
            attachment.file.delete(save=False)
            attachment.delete()
    return len(pks)
