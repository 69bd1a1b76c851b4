"""Write the mail of a notification, in the language of its reader."""

import logging

from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from marketplace.notifications.types import NOTIFICATION_TYPES, READ_MORE, about_path
from portal.foundation.mail import budget, rendering
from portal.foundation.mail.queue import queue
from portal.foundation.mail.rendering import absolute, as_text, one_line
from portal.foundation.sites import speaking_to

logger = logging.getLogger(__name__)

MUTE_SALT = "marketplace.mail_preference"


def action_of(notification):
    """(what the button says, the address on the site that it leads to)."""
    found = NOTIFICATION_TYPES.get(notification.type, READ_MORE)
    return found.action, (found.path or about_path)(notification)


def subject_of(notification):
    """What happened, as one line, in the active language."""
    return one_line(as_text(f"email/{notification.type}_subject.txt", context_of(notification)))


def context_of(notification):
    return {
        "notification": notification,
        "user": notification.user,
        "reservation": notification.reservation,
        "listing": notification.listing,
        "organisation": notification.organisation,
        "context": notification.context,
    }


# Each mail brings a new link, so that an old one ends with its year.
LINK_SECONDS = 365 * 24 * 60 * 60


def mute_token(user):
    """What a link needs to change the mail preference of `user` without signing in."""
    return signing.dumps(user.pk, salt=MUTE_SALT)


def user_pk_from(token, *, max_age=LINK_SECONDS):
    """The reverse of `mute_token`. Raises `signing.BadSignature`, also when it is too old."""
    return signing.loads(token, salt=MUTE_SALT, max_age=max_age)


def write_mail(notification):
    """Put the mail of `notification` into the queue, in the recipient's language."""
    user = notification.user
    with override(user.language), speaking_to(user):
        action, path = action_of(notification)
        values = context_of(notification) | email_context(user)
        values |= {"action": action, "url": absolute(path), "subject": subject_of(notification)}
        values["body"] = as_text(f"email/{notification.type}.txt", values)
        return queue_mail(
            user,
            values=values,
            html=[f"email/{notification.type}.html", "email/from_text.html"],
            attachments=calendar_part(notification),
        )


def calendar_part(notification):
    """The calendar entry that goes with the mail, with its method in the type (RFC 6047)."""
    found = NOTIFICATION_TYPES.get(notification.type, READ_MORE)
    entry = found.calendar(notification) if found.calendar else None
    if entry is None:
        return []
    method, content = entry
    return [("pickup.ics", content, f"text/calendar; method={method}")]


def email_context(user):
    """What the frame around every mail to `user` needs, in the active language."""
    mute_path = reverse("marketplace:mail_preference", args=[mute_token(user)])
    return rendering.email_context(user=user, language=user.language, mute_url=absolute(mute_path))


def queue_mail(user, *, values, html="email/from_text.html", attachments=()):
    """Put a mail into the queue. `values` and the rest are those of `rendering.compose`.

    Returns the `Email`, or None for somebody who has got as much as one reads in a day.
    """
    message = rendering.compose(
        to=user.email,
        values=values,
        html=html,
        headers={
            "List-Unsubscribe": f"<{values['mute_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        attachments=attachments,
    )
    try:
        # Who caused it has been counted by `notify`.
        with budget.caused_by_site():
            return queue(message)
    except budget.RecipientOverBudget:
        logger.warning("User %s has been mailed too much; the rest is in the inbox.", user.pk)
        return None
