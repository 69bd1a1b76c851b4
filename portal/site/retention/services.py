"""How long things are kept. The nightly job, the list in the admin and the page for everybody who
wants to know read the same rules.
"""

import logging
from datetime import datetime, time, timedelta
from functools import partial

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from post_office.models import Email

from portal.foundation.audit.models import AuditEvent
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.kept_forms import KeptForm
from portal.foundation.mail.queue import remove_mail
from portal.foundation.mail.rendering import absolute, render_email_from
from portal.foundation.privacy.personal_data import LastSuperuser, erase
from portal.foundation.privacy.rules import RULES, Rule, register
from portal.foundation.sites import speaking_to
from portal.foundation.users.models import User
from portal.site.retention.models import RetentionRun

logger = logging.getLogger(__name__)


NIGHT = time(2)


def apply_retention(now: datetime | None = None) -> int:
    """Once a night, remove what is older than its rule says, and log how much.

    Returns how much was removed.
    """
    now = now or timezone.now()
    last_night = timezone.localtime(now).replace(hour=NIGHT.hour, minute=0, second=0, microsecond=0)
    if last_night > now:
        last_night -= timedelta(days=1)
    done = RetentionRun.objects.filter(ran_at__gte=last_night).values_list("rule", flat=True)
    due = [key for key, rule in RULES.items() if rule.remove and key not in set(done)]
    return for_each_row(due, partial(_apply, now=now))


def _apply(key: str, now: datetime) -> int:
    removed = RULES[key].remove_old(now)
    RetentionRun.objects.create(rule=key, removed=removed, ran_at=now)
    if removed:
        logger.info("retention: %s removed by the rule %s", removed, key)
    return removed


WARNED_DAYS = 30


def remove_kept_forms(before: datetime) -> int:
    """Forms that were written before signing in, and never sent."""
    removed, _by_model = KeptForm.objects.filter(updated_at__lt=before).delete()
    return removed


def remove_unconfirmed(before: datetime) -> int:
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
    return for_each_row(list(forgotten), _erase)


def _erase(user: User) -> bool:
    """Erase a person; False when it is the last one who may do everything."""
    try:
        erase(user)
    except LastSuperuser:
        return False
    return True


def remove_old_mail(before: datetime) -> int:
    return remove_mail(list(Email.objects.filter(created__lt=before).values_list("pk", flat=True)))


def remove_sessions(before: datetime) -> int:
    """Sign-ins that have run out, and what was noted about them."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    over = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    count, _each = over.delete()
    return count


def remove_inactive(before: datetime) -> int:
    """Warn inactive people, and remove their account a month later."""
    people = get_user_model().objects.filter(is_superuser=False, last_login__lt=before)
    not_warned = Q(warned_inactive_at=None) | Q(warned_inactive_at__lt=F("last_login"))
    over = timezone.now() - timedelta(days=WARNED_DAYS)
    warned = people.exclude(not_warned).filter(warned_inactive_at__lt=over)
    removed = for_each_row(list(warned), _erase)
    for_each_row(list(people.filter(not_warned)), warn_inactive)
    return removed


def warn_inactive(user: User) -> None:
    user.warned_inactive_at = timezone.now()
    user.save(update_fields=["warned_inactive_at"])
    with override(user.language), speaking_to(user):
        render_email_from(
            "account_inactive",
            to=user.email,
            name=user.first_name,
            values={"user": user, "days": WARNED_DAYS},
            action=translate("Sign in and keep the account"),
            url=absolute(reverse("account_login")),
        ).send()


def remove_old_runs(before: datetime) -> int:
    count, _each = RetentionRun.objects.filter(ran_at__lt=before).delete()
    return count


register(
    Rule(
        "account",
        _("Name, e-mail address, language, memberships and accepted terms"),
        _("So that you can sign in, and others know who they are dealing with."),
        until=_("Until you remove the account"),
    ),
    Rule(
        "kept forms",
        _("Forms that were started before signing in and never sent"),
        _("So that nothing has to be written twice."),
        days=KeptForm.KEEP_DAYS,
        remove=remove_kept_forms,
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
        _("Inactive accounts"),
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
        "audit",
        _("Who did what: signing in, approving, correcting, exporting"),
        _("To find out what happened when something is wrong. It holds numbers, not names."),
        days=2 * 365,
        remove=AuditEvent.objects.remove_older_than,
    ),
    Rule(
        "log",
        _("Notes on how much this list has removed"),
        _("To show that it is being followed. They do not name anybody."),
        days=2 * 365,
        remove=remove_old_runs,
    ),
)
