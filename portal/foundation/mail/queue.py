"""Mail leaves through a queue in the database: kept until a server has taken it, sent once.

The queue's table and log are post_office's, so that administrators see every mail and its state.
Its own way in is not used, since it reads subject and text as Django templates, and ours contain
what people have typed.
"""

from collections.abc import Iterable
from datetime import datetime
from email.mime.base import MIMEBase
from email.utils import make_msgid, parseaddr
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from post_office.models import PRIORITY, STATUS, Attachment, Email
from post_office.utils import create_attachments

from portal.foundation.logs import request_id
from portal.foundation.mail import budget, delivery

REQUEST_HEADER = "X-Request-ID"


class EmailBackend(BaseEmailBackend):
    """Puts every mail of the site into the queue. Raises `OverBudget`.

    A message may say how with `queued_with`, the keywords of `queue`.
    """

    def send_messages(self, messages: Iterable[EmailMessage]) -> int:
        messages = list(messages)
        for message in messages:
            queue(message, **getattr(message, "queued_with", {}))
        return len(messages)


def queue(
    message: EmailMessage,
    *,
    priority: int = PRIORITY.medium,
    expires_at: datetime | None = None,
    about_account: bool = False,
    named_by_staff: bool = False,
) -> Email:
    """Put a Django `EmailMessage` into the queue; it leaves after commit. Returns the `Email`.

    What goes to many at once, as they have asked, has `PRIORITY.low`: nobody's own mail waits
    behind it. What is useless after a time, such as a code, says so with `expires_at`.
    What lets somebody in is `about_account`; an address that staff have written in the admin is
    `named_by_staff`.
    Raises `OverBudget`, before anything is kept.
    """
    to = [parseaddr(address)[1] for address in message.to]
    if priority != PRIORITY.low:
        for address in to:
            budget.spend(to=address, about_account=about_account, named_by_staff=named_by_staff)
    alternatives = getattr(message, "alternatives", [])
    domain: Any = settings.POST_OFFICE.get("MESSAGE_ID_FQDN")
    email = Email.objects.create(
        from_email=message.from_email,
        to=to,
        cc=message.cc,
        bcc=message.bcc,
        subject=" ".join(message.subject.split()),
        message=message.body,
        html_message=next((text for text, kind in alternatives if kind == "text/html"), ""),
        headers=_headers(message),
        priority=priority,
        expires_at=expires_at,
        status=STATUS.queued,
        message_id=make_msgid(domain=domain),
    )
    if message.attachments:
        email.attachments.add(*create_attachments(dict(map(_attachment, message.attachments))))
    transaction.on_commit(partial(delivery.enqueue, email))
    return email


def _headers(message: EmailMessage) -> dict[str, Any]:
    headers = {"Auto-Submitted": "auto-generated"} | message.extra_headers
    if number := request_id.get():
        headers[REQUEST_HEADER] = number
    if message.reply_to:
        headers.setdefault("Reply-To", ", ".join(map(str, message.reply_to)))
    return headers


def _attachment(attachment: Any) -> tuple[str | None, dict]:
    if isinstance(attachment, MIMEBase):
        content = attachment.get_payload(decode=True)
        return attachment.get_filename(), {
            "file": ContentFile(content),
            "mimetype": attachment.get_content_type(),
        }
    name, content, kind = attachment
    content = content.encode() if isinstance(content, str) else content
    return name, {"file": ContentFile(content), "mimetype": kind}


def remove_mail(pks: list[int]) -> int:
    """Remove mail and the files that went with it. Returns how many mails."""
    attachments = list(Attachment.objects.filter(emails__in=pks).distinct())
    Email.objects.filter(pk__in=pks).delete()
    for attachment in attachments:
        if not attachment.emails.exists():
            attachment.file.delete(save=False)
            attachment.delete()
    return len(pks)
