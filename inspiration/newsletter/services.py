"""Who gets the newsletter, and how an issue reaches each of them once."""

from datetime import datetime, timedelta
from functools import partial

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from post_office.models import Email, RecipientDeliveryStatus

from inspiration.newsletter.emails import Issue, queue_confirmation, queue_test
from inspiration.newsletter.models import Newsletter, NewsletterDelivery, Subscriber
from inspiration.newsletter.tasks import send_newsletter
from marketplace.municipalities.models import Municipality
from marketplace.review.errors import ExchangeError
from portal.foundation.users.models import User

# How long somebody waits before the same address is written to again, seconds.
CONFIRMATION_INTERVAL = 600


class NewsletterError(ExchangeError):
    message = _("The newsletter could not be sent.")


class AlreadySent(NewsletterError):
    message = _("This newsletter has been sent, or is being sent, already.")


class NobodyToSendTo(NewsletterError):
    message = _("Nobody has asked for a newsletter for these municipalities yet.")


class NothingToSend(NewsletterError):
    message = _("The newsletter needs a subject before it is sent.")


# --- Asking for it, and ending it -----------------------------------------------------------------


@transaction.atomic
def ask(
    *, email: str, language: str, municipality: Municipality | None, consent: str
) -> Subscriber:
    """Record that somebody asks for the newsletter, and mail them a link to confirm it.

    The visitor is told the same whatever was known of the address before: the mail says what holds.
    """
    email = email.strip().lower()
    now = timezone.now()
    subscriber, _created = Subscriber.objects.select_for_update().get_or_create(
        email__iexact=email, defaults={"email": email, "consent": consent}
    )
    recent = subscriber.confirmation_sent_at
    if recent and (now - recent).total_seconds() < CONFIRMATION_INTERVAL:
        return subscriber
    if not subscriber.is_active:
        # What was chosen counts from the confirmation on; who gets it already changes it there.
        subscriber.language = language
        subscriber.municipality = municipality
        subscriber.consent = consent
        subscriber.asked_at = now
    subscriber.confirmation_sent_at = now
    subscriber.save()
    queue_confirmation(subscriber, language=language)
    return subscriber


def subscriber_from(
    token: str, *, salt: str = Subscriber.MANAGE_SALT, max_age: timedelta | None = None
) -> Subscriber | None:
    """The subscriber of a link in a mail; None for a link that is wrong, old, or of nobody."""
    try:
        pk = signing.loads(token, salt=salt, max_age=max_age)
    except signing.BadSignature:
        return None
    return Subscriber.objects.filter(pk=pk).select_related("municipality").first()


def subscriber_to_confirm(token: str) -> Subscriber | None:
    return subscriber_from(token, salt=Subscriber.CONFIRM_SALT, max_age=Subscriber.CONFIRM_WITHIN)


def confirm(subscriber: Subscriber) -> None:
    """The address's owner says yes. Whatever was before, they get it from now on."""
    if not subscriber.is_active:
        subscriber.confirmed_at = timezone.now()
        subscriber.unsubscribed_at = None
        subscriber.bounced_at = None
        subscriber.save(update_fields=["confirmed_at", "unsubscribed_at", "bounced_at"])


@transaction.atomic
def unsubscribe(subscriber: Subscriber) -> None:
    """No more newsletters. Said twice, it holds as from the first time."""
    now = timezone.now()
    Subscriber.objects.filter(pk=subscriber.pk, unsubscribed_at=None).update(unsubscribed_at=now)
    last = subscriber.deliveries.exclude(settled_at=None).order_by("-settled_at").first()
    if last and last.unsubscribed_at is None:
        last.unsubscribed_at = now
        last.save(update_fields=["unsubscribed_at"])


# --- Sending --------------------------------------------------------------------------------------


@transaction.atomic
def start_sending(*, newsletter: Newsletter, by: User) -> Newsletter:
    """Decide who gets the issue, one row each, and send it in the background after commit."""
    newsletter = Newsletter.objects.select_for_update().get(pk=newsletter.pk)
    if not newsletter.is_draft:
        raise AlreadySent
    if not newsletter.texts.exists():
        raise NothingToSend
    recipients = list(newsletter.recipients().values_list("pk", flat=True))
    if not recipients:
        raise NobodyToSendTo
    NewsletterDelivery.objects.bulk_create(
        [NewsletterDelivery(newsletter=newsletter, subscriber_id=pk) for pk in recipients],
        ignore_conflicts=True,
        batch_size=1000,
    )
    newsletter.started_at = timezone.now()
    newsletter.sent_by = by
    Newsletter.objects.filter(pk=newsletter.pk).update(started_at=newsletter.started_at, sent_by=by)
    transaction.on_commit(partial(send_newsletter.enqueue, newsletter.pk))
    return newsletter


def send_test(*, newsletter: Newsletter, user: User) -> list[Email]:
    """Mail the issue, in every language that it is written in, to the one who asks."""
    issue = Issue(newsletter)
    return [queue_test(issue, user, language=text.language) for text in newsletter.texts.all()]


# --- Bounces --------------------------------------------------------------------------------------


@transaction.atomic
def record_bounce(
    *, email: Email, permanent: bool, note: str, now: datetime | None = None
) -> NewsletterDelivery | None:
    """A mail server said that `email` (of post_office) did not arrive. Returns the copy, or None.

    An address that does not exist gets no more newsletters. One that is full or away for a while
    does. Mail of other kinds is only marked.
    """
    now = now or timezone.now()
    email.recipient_delivery_status = (
        RecipientDeliveryStatus.HARD_BOUNCED if permanent else RecipientDeliveryStatus.SOFT_BOUNCED
    )
    email.save(update_fields=["recipient_delivery_status", "last_updated"])
    delivery = NewsletterDelivery.objects.filter(email=email).select_related("subscriber").first()
    if delivery is None:
        return None
    delivery.bounced_at = delivery.bounced_at or now
    delivery.bounce_note = note[:300]
    delivery.save(update_fields=["bounced_at", "bounce_note"])
    if permanent and delivery.subscriber and delivery.subscriber.bounced_at is None:
        delivery.subscriber.bounced_at = now
        delivery.subscriber.save(update_fields=["bounced_at"])
    return delivery
