"""One mail about several notifications, daily or weekly."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from marketplace.notifications.delivery import email_context, queue_mail, subject_of
from marketplace.notifications.models import MailPreference
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.mail.rendering import absolute, as_text
from portal.foundation.sites import speaking_to


def write_summary(user, told):
    """Put one mail about several notifications, oldest first, into the queue."""
    with override(user.language), speaking_to(user):
        subjects = [subject_of(notification) for notification in told]
        items = [
            {
                "subject": subject,
                # Links that would be called the same are told apart by when it happened.
                "when": notification.created_at if subjects.count(subject) > 1 else None,
                "url": absolute(reverse("marketplace:open_notification", args=[notification.pk])),
            }
            for notification, subject in zip(told, subjects, strict=True)
        ]
        values = email_context(user) | {
            "items": items,
            "action": _("Open your notifications"),
            "url": absolute(reverse("marketplace:inbox")),
        }
        values["subject"] = as_text("email/summary_subject.txt", values)
        values["body"] = as_text("email/summary.txt", values)
        return queue_mail(user, values=values, html="email/summary.html")


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
        sent += for_each_row(due, partial(_send_summary, now=now))
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
    email = write_summary(preference.user, told)
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
