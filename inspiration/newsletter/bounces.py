"""Reading what mail servers send back: delivery status notifications (RFC 3464)."""

import email
import mailbox
from dataclasses import dataclass
from email import policy
from typing import Any

from post_office.models import Email

from inspiration.newsletter.services import record_bounce


@dataclass(frozen=True)
class Bounce:
    """What a notification says about one mail of ours."""

    message_id: str
    permanent: bool
    note: str


def read(content):
    """The `Bounce` that a mail (bytes) tells of, or None when it tells of none.

    Only failures count: a server that says that it will try again has not given up. Which mail it
    was is told by the Message-ID in the part that is returned; without it nothing is guessed.
    """
    message = email.message_from_bytes(content, policy=policy.default)
    report: Any = None
    returned: Any = None
    part: Any
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            report = report or next(
                (block for block in part.get_payload() if block.get("Action")), None
            )
        elif kind == "message/rfc822":
            returned = returned or part.get_payload(0)
        elif kind == "text/rfc822-headers":
            returned = returned or email.message_from_string(part.get_content())
    if report is None or returned is None or report["Action"].strip().lower() != "failed":
        return None
    message_id = (returned.get("Message-ID") or "").strip()
    if not message_id:
        return None
    status = (report.get("Status") or "").strip()
    note = (report.get("Diagnostic-Code") or status).split(";", 1)[-1]
    return Bounce(message_id, permanent=status.startswith("5"), note=" ".join(note.split()))


def record(content):
    """Record the bounce that a mail tells of. Returns whether it was about a mail of ours."""
    bounce = read(content)
    sent = bounce and Email.objects.filter(message_id=bounce.message_id).first()
    if not sent:
        return False
    record_bounce(email=sent, permanent=bounce.permanent, note=bounce.note)
    return True


def record_mailbox(path):
    """Record every bounce in a Maildir and remove it from there. Returns (recorded, left).

    What is no bounce of ours is left for people to read.
    """
    box = mailbox.Maildir(path, create=False)
    recorded = left = 0
    for key in list(box.keys()):
        if record(box.get_bytes(key)):
            box.remove(key)
            recorded += 1
        else:
            left += 1
    return recorded, left
