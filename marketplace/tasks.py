"""Background jobs of the exchange."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from . import notifications
from .models import MailPreference, Notification

FORGOTTEN_AFTER = timedelta(minutes=10)


@task()
def send_notification(notification_id):
    """Write the mail of a notification, unless it has been written or is not wanted."""
    with transaction.atomic():
        notification = (
            Notification.objects.unmailed()
            .select_for_update(of=("self",))
            .select_related("user", "listing", "organisation", "reservation")
            .filter(pk=notification_id)
            .first()
        )
        if notification is None:
            return
        frequency = MailPreference.frequency_for(notification.user)
        if frequency in MailPreference.SUMMARISED:
            return
        notification.mailed_at = timezone.now()
        if frequency == MailPreference.Frequency.AT_ONCE and notification.user.is_active:
            notification.email = notifications.write_mail(notification)
        notification.save(update_fields=["mailed_at", "email"])


def last_moment(frequency, now):
    """When the latest summary was to leave: six in the morning, weekly ones on Mondays."""
    moment = timezone.localtime(now).replace(hour=6, minute=0, second=0, microsecond=0)
    if moment > now:
        moment -= timedelta(days=1)
    if frequency == MailPreference.Frequency.WEEKLY:
        moment -= timedelta(days=moment.weekday())
    return moment


def send_summaries(now=None):
    """Send those who want it one mail about all that has happened. Returns how many mails."""
    now = now or timezone.now()
    sent = 0
    for frequency in MailPreference.SUMMARISED:
        due = MailPreference.objects.filter(frequency=frequency, user__is_active=True).filter(
            Q(digest_sent_at=None) | Q(digest_sent_at__lt=last_moment(frequency, now))
        )
        sent += sum(_send_summary(pk, now) for pk in due.values_list("pk", flat=True))
    return sent


@transaction.atomic
def _send_summary(pk, now):
    preference = MailPreference.objects.select_for_update().get(pk=pk)
    before = preference.digest_sent_at
    if before and before >= last_moment(preference.frequency, now):
        return False
    preference.digest_sent_at = now
    preference.save(update_fields=["digest_sent_at"])
    told = list(
        preference.user.notifications.unmailed().with_subjects().order_by("created_at", "pk")
    )
    if not told:
        return False
    email = notifications.write_summary(preference.user, told)
    preference.user.notifications.filter(pk__in=[each.pk for each in told]).update(
        mailed_at=now, email=email
    )
    return True


@transaction.atomic
def choose_frequency(*, user, frequency):
    """Remember how often `user` wants mail. What a summary was to tell stays in the inbox only."""
    now = timezone.now()
    if MailPreference.frequency_for(user) in MailPreference.SUMMARISED:
        user.notifications.unmailed().update(mailed_at=now)
    preference, _created = MailPreference.objects.update_or_create(
        user=user, defaults={"frequency": frequency, "digest_sent_at": now}
    )
    return preference


def send_forgotten(now=None):
    """Send what should have left at once, but whose job was lost. Returns how many."""
    now = now or timezone.now()
    summarised = MailPreference.objects.filter(frequency__in=MailPreference.SUMMARISED)
    forgotten = (
        Notification.objects.unmailed()
        .filter(created_at__lte=now - FORGOTTEN_AFTER)
        .exclude(user__in=summarised.values("user"))
    )
    pks = list(forgotten.values_list("pk", flat=True))
    for pk in pks:
        send_notification.call(pk)
    return len(pks)
