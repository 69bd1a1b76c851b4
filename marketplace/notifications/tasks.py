"""Background jobs of the exchange."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from marketplace.notifications.delivery import write_mail
from marketplace.notifications.models import MailPreference, Notification
from marketplace.notifications.phones import push, sms
from marketplace.notifications.phones.delivery import reach_phone
from portal.foundation.jobs.backend import join
from portal.foundation.jobs.rows import for_each_row

FORGOTTEN_AFTER = timedelta(minutes=10)


@task()
def send_notification(notification_id):
    """Write the mail of a notification, unless it has been written or is not wanted.

    Then tell the phone of its reader, who may have chosen that beside any mail.
    """
    write_notification(notification_id)
    if push.is_on() or sms.is_on():
        reach_phone(Notification.objects.values_list("user", flat=True).get(pk=notification_id))


join(send_notification)


def write_notification(notification_id):
    """Do what `send_notification` says; returns whether there was something to do."""
    with transaction.atomic():
        notification = (
            Notification.objects.unmailed()
            .select_for_update(of=("self",))
            .select_related("user", "listing", "organisation", "reservation")
            .filter(pk=notification_id)
            .first()
        )
        if notification is None:
            return False
        frequency = MailPreference.frequency_for(notification.user)
        if frequency in MailPreference.SUMMARISED:
            return False
        notification.mailed_at = timezone.now()
        if frequency == MailPreference.Frequency.AT_ONCE and notification.user.is_active:
            notification.email = write_mail(notification)
        notification.save(update_fields=["mailed_at", "email"])
        return True


def requeue_stalled_notifications(now=None):
    """Send what should have left at once, but whose job was lost. Returns how many."""
    now = now or timezone.now()
    summarised = MailPreference.objects.filter(frequency__in=MailPreference.SUMMARISED)
    forgotten = (
        Notification.objects.unmailed()
        .filter(created_at__lte=now - FORGOTTEN_AFTER)
        .exclude(user__in=summarised.values("user"))
    )
    return for_each_row(forgotten, write_notification)
