"""Tell people's phones what the inbox tells: by web push all of it, by text what cannot wait.

A notification is one row and reaches a phone once, however often a step is repeated: it is marked
before it is sent, and unmarked when nobody took it. What comes in quiet hours waits for their end,
and what has been read meanwhile is not sent.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.notifications.delivery import subject_of
from marketplace.notifications.models import Notification
from marketplace.notifications.phones import push, sms
from marketplace.notifications.phones.models import (
    STALE_AFTER,
    PhoneNumber,
    PushSubscription,
    QuietHours,
)
from marketplace.notifications.types import urgent_types
from portal.foundation.jobs.rows import report
from portal.foundation.mail.rendering import absolute, site_name
from portal.foundation.sites import speaking_to
from portal.foundation.throttling import allows
from portal.foundation.users.models import User

logger = logging.getLogger(__name__)


def waiting_for_push(now: datetime) -> QuerySet[Notification]:
    """Unread and not shown on a phone yet, of people with a device that was there before it."""
    if not push.is_on():
        return Notification.objects.none()
    return _waiting(now).filter(
        pushed_at=None,
        user__push_subscriptions__in=PushSubscription.objects.signed_in(),
        user__push_subscriptions__created_at__lte=F("created_at"),
    )


def waiting_for_text(now: datetime) -> QuerySet[Notification]:
    """Urgent, unread and not texted yet, of people with a number that was there before it."""
    if not sms.is_on():
        return Notification.objects.none()
    return _waiting(now).filter(
        texted_at=None,
        type__in=urgent_types(),
        user__is_active=True,
        user__phone_number__confirmed_at__lte=F("created_at"),
    )


def _waiting(now: datetime) -> QuerySet[Notification]:
    return Notification.objects.unread().filter(created_at__gt=now - STALE_AFTER)


def reach_waiting_phones(now: datetime | None = None) -> int:
    """Reach everybody whose phone something waits for. Returns how many people."""
    now = now or timezone.now()
    people = set(waiting_for_push(now).values_list("user", flat=True))
    people |= set(waiting_for_text(now).values_list("user", flat=True))
    reached = 0
    for pk in sorted(people):
        # In no transaction: what is marked as sent stays so, whatever happens to the rest.
        try:
            reached += reach_phone(pk, now)
        except Exception as error:
            report(f"reach phone {pk}", error)
    return reached


def reach_phone(user_id: int, now: datetime | None = None) -> bool:
    """Send one person what waits for their phone. Returns whether anything was sent."""
    now = now or timezone.now()
    pushes = waiting_for_push(now).filter(user=user_id).distinct()
    texts = waiting_for_text(now).filter(user=user_id)
    if not pushes.exists() and not texts.exists():
        return False
    user = User.objects.get(pk=user_id)
    if QuietHours.of(user).are_now(now):
        return False
    with override(user.language), speaking_to(user):
        pushed = _send_pushes(user, _mark(pushes, "pushed_at", now))
        texted = _send_texts(user, _mark(texts, "texted_at", now))
    return pushed or texted


def _mark(waiting: QuerySet[Notification], field: str, now: datetime) -> list[Notification]:
    """Take what waits, so that nobody else sends it too. Oldest first."""
    with transaction.atomic():
        keys = list(waiting.values_list("pk", flat=True))
        rows = Notification.objects.select_for_update(of=("self",)).filter(
            pk__in=keys, **{field: None}
        )
        taken = list(rows.with_subjects().order_by("created_at", "pk"))
        Notification.objects.filter(pk__in=[each.pk for each in taken]).update(**{field: now})
    return taken


def _unmark(notifications: list[Notification], field: str) -> None:
    Notification.objects.filter(pk__in=[each.pk for each in notifications]).update(**{field: None})


def _send_pushes(user: User, told: list[Notification]) -> bool:
    if not told or not allows("phone_push", key=str(user.pk)):
        return False
    content = _content(told)
    taken = False
    for subscription in user.push_subscriptions.signed_in():
        try:
            taken |= push.send(subscription, content)
        except push.PushFailed:
            logger.warning("A push service did not take a message of user %s.", user.pk)
    if not taken and user.push_subscriptions.signed_in().exists():
        _unmark(told, "pushed_at")
    return taken


def _content(told: list[Notification]) -> dict[str, str]:
    """What a phone shows: no more than the subject of the mail, and where a tap leads."""
    if len(told) == 1:
        path = reverse("marketplace:open_notification", args=[told[0].pk])
        said = {"text": subject_of(told[0]), "url": path, "tag": f"notification-{told[0].pk}"}
    else:
        text = _("%(count)d new notifications") % {"count": len(told)}
        said = {"text": text, "url": reverse("marketplace:inbox"), "tag": "inbox"}
    return said | {"title": site_name()}


def _send_texts(user: User, told: list[Notification]) -> bool:
    sent = False
    number = PhoneNumber.objects.filter(user=user).first()
    if number is None:
        return sent
    for notification in told:
        if not allows("phone_text", key=str(user.pk)) or not allows(
            "phone_texts_of_site", key="site"
        ):
            logger.warning("User %s has been texted too much; the rest is in the inbox.", user.pk)
            return sent
        path = reverse("marketplace:open_notification", args=[notification.pk])
        try:
            sms.send(to=number.number, text=sms.shortened(subject_of(notification), absolute(path)))
            sent = True
        except sms.SmsFailed:
            logger.warning("The SMS gateway did not take a text.", exc_info=True)
            _unmark([notification], "texted_at")
    return sent
