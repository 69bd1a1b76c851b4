"""How long things are kept. The nightly job, the list in the admin and the page for everybody who
wants to know read the same rules.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override
from post_office.models import Email

from .letters import absolute, letter_from
from .mail import remove_mail
from .models import RetentionRun
from .personal_data import LastSuperuser, erase

logger = logging.getLogger(__name__)
NIGHT = time(2)


@dataclass(frozen=True)
class Rule:
    """What is kept, how long and why. `remove` takes what is older than a moment, and counts it.

    Without `days` nothing is removed by age; `until` then says when it goes.
    """

    key: str
    what: str
    why: str
    days: int | None = None
    until: str = ""
    remove: Callable[[datetime], int] | None = None

    @property
    def how_long(self):
        if self.days is None:
            return self.until
        if self.days % 365 == 0:
            years = self.days // 365
            return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
        return ngettext("%(count)d day", "%(count)d days", self.days) % {"count": self.days}


RULES: dict[str, Rule] = {}


def register(*rules):
    for rule in rules:
        RULES[rule.key] = rule


def apply_retention(now=None):
    """Once a night, remove what is older than its rule says, and log how much.

    Returns how much was removed.
    """
    now = now or timezone.now()
    last_night = timezone.localtime(now).replace(hour=NIGHT.hour, minute=0, second=0, microsecond=0)
    if last_night > now:
        last_night -= timedelta(days=1)
    total = 0
    for rule in [rule for rule in RULES.values() if rule.remove]:
        if RetentionRun.objects.filter(rule=rule.key, ran_at__gte=last_night).exists():
            continue
        with transaction.atomic():
            removed = rule.remove(now - timedelta(days=rule.days))
            RetentionRun.objects.create(rule=rule.key, removed=removed, ran_at=now)
        total += removed
        if removed:
            logger.info("retention: %s removed by the rule %s", removed, rule.key)
    return total


# --- The portal's own -----------------------------------------------------------------------------

WARNED_DAYS = 30


def remove_unconfirmed(before):
    """Accounts whose e-mail address nobody ever showed to be theirs."""
    forgotten = (
        get_user_model()
        .objects.filter(
            date_joined__lt=before,
            last_login=None,
            is_superuser=False,
            emailaddress__verified=False,
        )
        .exclude(emailaddress__verified=True)
        .distinct()
    )
    return sum(1 for user in forgotten if erase(user) is None)


def remove_old_mail(before):
    return remove_mail(list(Email.objects.filter(created__lt=before).values_list("pk", flat=True)))


def remove_sessions(before):
    """Sign-ins that have run out, and what was noted about them."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    over = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    count, _each = over.delete()
    return count


def remove_inactive(before):
    """Warn whoever has not signed in for so long, and a month later remove the account."""
    people = get_user_model().objects.filter(is_superuser=False, last_login__lt=before)
    removed = 0
    not_warned = Q(warned_inactive_at=None) | Q(warned_inactive_at__lt=F("last_login"))
    over = timezone.now() - timedelta(days=WARNED_DAYS)
    for user in people.exclude(not_warned).filter(warned_inactive_at__lt=over):
        try:
            erase(user)
        except LastSuperuser:
            continue
        removed += 1
    for user in people.filter(not_warned):
        warn_inactive(user)
    return removed


def warn_inactive(user):
    user.warned_inactive_at = timezone.now()
    user.save(update_fields=["warned_inactive_at"])
    with override(user.language):
        letter_from(
            "account_inactive",
            to=user.email,
            name=user.first_name,
            values={"user": user, "days": WARNED_DAYS},
            action=translate("Sign in and keep the account"),
            url=absolute(reverse("account_login")),
        ).send()


def remove_old_runs(before):
    count, _each = RetentionRun.objects.filter(ran_at__lt=before).delete()
    return count


register(
    Rule(
        "account",
        _("Name, e-mail address, language, memberships and accepted terms"),
        _("So that you can sign in, and others know whom they deal with."),
        until=_("Until you remove the account"),
    ),
    Rule(
        "unconfirmed",
        _("Accounts whose address was never confirmed"),
        _("Time to find the code in the mail."),
        days=7,
        remove=remove_unconfirmed,
    ),
    Rule(
        "inactive",
        _("Accounts that nobody signs in to"),
        _("You get a mail a month before the account is removed."),
        days=2 * 365,
        remove=remove_inactive,
    ),
    Rule(
        "mail",
        _("Copies of mail that we have sent"),
        _("To find out what happened when mail does not arrive."),
        days=90,
        remove=remove_old_mail,
    ),
    Rule(
        "sessions",
        _("Where you are signed in: browser, IP address and time"),
        _("So that you can see and end your own sessions."),
        days=60,
        remove=remove_sessions,
    ),
    Rule(
        "log",
        _("Notes on how much this list has removed"),
        _("To show that it is followed. They name nobody."),
        days=2 * 365,
        remove=remove_old_runs,
    ),
)
