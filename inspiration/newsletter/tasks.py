"""Sends an issue in the background, to each of its readers once."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from inspiration.newsletter.emails import Issue, queue_issue
from inspiration.newsletter.models import Newsletter, NewsletterDelivery
from portal.foundation.jobs.rows import for_each_row


@task()
def send_newsletter(newsletter_id: int) -> None:
    """Write the copies of an issue that are still waiting."""
    send_waiting(newsletter_id)


def send_waiting(newsletter_id: int) -> int:
    """Write the copies that are still waiting, each in a transaction of its own.

    Stopped at any point and run again, even twice at once, it goes on with what is left: a copy's
    mail enters the queue in the transaction that marks the copy. Returns how many were written.
    """
    newsletter = Newsletter.objects.get(pk=newsletter_id)
    issue = Issue(newsletter)
    waiting = newsletter.deliveries.filter(settled_at=None).order_by("pk")
    written = for_each_row(waiting, partial(_send_one, issue=issue))
    if not newsletter.deliveries.filter(settled_at=None).exists():
        Newsletter.objects.filter(pk=newsletter.pk, finished_at=None).update(
            finished_at=timezone.now()
        )
    return written


@transaction.atomic
def _send_one(pk: int, issue: Issue) -> bool:
    delivery = (
        NewsletterDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=pk, settled_at=None)
        .first()
    )
    if delivery is None:
        return False
    subscriber = delivery.subscriber
    # Skip those who unsubscribed after the sending started.
    if subscriber is not None and subscriber.is_active:
        delivery.email = queue_issue(issue, subscriber)
    delivery.settled_at = timezone.now()
    delivery.save(update_fields=["email", "settled_at"])
    return delivery.email is not None


def requeue_stalled_newsletters() -> int:
    """Go on with every issue whose sending was broken off. Returns how many copies were written."""
    return for_each_row(Newsletter.objects.unfinished(), send_waiting)
