"""Background jobs of the exchange."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from .models import MailPreference, Notification

FORGOTTEN_AFTER = timedelta(minutes=10)


@task()
def send_notification(notification_id):
    """Write the mail of a notification, unless it has been written or is not wanted."""
    from .notifications import write_mail

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
            notification.email = write_mail(notification)
        notification.save(update_fields=["mailed_at", "email"])


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
