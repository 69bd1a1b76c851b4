"""Notify people: a row in their inbox and, after commit, a mail."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from marketplace.notifications.models import Notification
from marketplace.notifications.tasks import send_notification
from portal.foundation.jobs.backend import enqueue_once
from portal.foundation.mail import budget
from portal.foundation.users.models import User


@transaction.atomic
def notify(
    *,
    users: Iterable[User],
    type: str,
    key: str,
    reservation: Any = None,
    listing: Any = None,
    organisation: Any = None,
    **context: Any,
) -> None:
    """Tell `users` something, each once per `key`, in the inbox and by mail after commit.

    `context` holds plain values (text, numbers) that the templates show. Raises `OverBudget`.
    """
    fresh = False
    for user in users:
        notification, created = Notification.objects.get_or_create(
            user=user,
            key=key,
            defaults={
                "type": type,
                "reservation": reservation,
                "listing": listing,
                "organisation": organisation,
                "context": context,
            },
        )
        if created:
            fresh = True
            enqueue_once(send_notification, notification.pk)
    if fresh:
        budget.spend_as_sender()
