"""What follows when somebody signs in, or changes how they do."""

from allauth.account import signals as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver

from portal.foundation.audit.services import EventType, record
from portal.foundation.privacy.personal_data import end_sessions


@receiver(user_logged_in, dispatch_uid="audit_signed_in")
def on_signed_in(sender, request, user, **kwargs):
    record(EventType.SIGNED_IN, actor=user, target=user)


@receiver(user_login_failed, dispatch_uid="audit_sign_in_failed")
def on_wrong_password(sender, credentials, **kwargs):
    """Record against the account, if there is one: what strangers typed is not kept."""
    email = str(credentials.get("email") or credentials.get("username") or "")
    user = get_user_model().objects.filter(email__iexact=email).first() if email else None
    record(EventType.SIGN_IN_FAILED, target=user, method="password")


@receiver(account.login_code_rejected, dispatch_uid="audit_code_rejected")
def on_wrong_code(sender, user=None, **kwargs):
    record(EventType.SIGN_IN_FAILED, target=user, method="code")


@receiver(mfa.authentication_failed, dispatch_uid="audit_factor_rejected")
def on_wrong_factor(sender, user=None, **kwargs):
    record(EventType.SIGN_IN_FAILED, target=user, method="mfa")


def end_others(request, user):
    """End all sessions of `user` but the one that has just changed something."""
    session = getattr(request, "session", None)
    here = session.session_key if session and request.user == user else None
    if ended := end_sessions(user, but=here):
        record(EventType.SESSION_ENDED, actor=user, target=user, sessions=ended)


@receiver(account.password_set, dispatch_uid="sessions_password_set")
@receiver(account.password_changed, dispatch_uid="sessions_password_changed")
@receiver(account.password_reset, dispatch_uid="sessions_password_reset")
def on_password_changed(sender, request, user, **kwargs):
    record(EventType.PASSWORD_CHANGED, actor=user, target=user)
    end_others(request, user)


@receiver(account.email_changed, dispatch_uid="sessions_email_changed")
@receiver(account.email_removed, dispatch_uid="sessions_email_removed")
def on_email_changed(sender, request, user, **kwargs):
    record(EventType.EMAIL_CHANGED, actor=user, target=user)
    end_others(request, user)


@receiver(account.email_confirmed, dispatch_uid="sessions_email_confirmed")
def on_email_confirmed(sender, request, email_address, **kwargs):
    """A further address is a further way in: other sessions end. Registering has none."""
    end_others(request, email_address.user)


@receiver(mfa.authenticator_added, dispatch_uid="sessions_factor_added")
def on_factor_added(sender, request, user, authenticator, **kwargs):
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    record(EventType.FACTOR_ADDED, actor=user, target=user, type=str(authenticator.type))
    # Who sets one up has just used it.
    record_authentication(request, user, method="mfa", type=str(authenticator.type))
    end_others(request, user)


@receiver(mfa.authenticator_removed, dispatch_uid="sessions_factor_removed")
def on_factor_removed(sender, request, user, authenticator, **kwargs):
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    record(EventType.FACTOR_REMOVED, actor=user, target=user, type=str(authenticator.type))
    end_others(request, user)


@receiver(mfa.authenticator_reset, dispatch_uid="sessions_codes_renewed")
def on_codes_renewed(sender, request, user, **kwargs):
    end_others(request, user)
