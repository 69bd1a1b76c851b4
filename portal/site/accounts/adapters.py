"""How django-allauth fits in: mail in the site's look, and whom a municipality vouches for."""

import logging
from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as request_context
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from post_office.models import PRIORITY

from marketplace.municipalities.email_domains import is_domain_of
from portal.foundation.mail.budget import AddressOverBudget, has_confirmed
from portal.foundation.mail.rendering import absolute, as_text, render_email, site_name
from portal.foundation.text_types import StrOrPromise
from portal.site.asking_again import FACTORS, recently_authenticated

logger = logging.getLogger(__name__)

CODE_IS_VALID = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
# Where the button of a mail about the account leads. Codes are typed in and need none.
BUTTONS: dict[str, tuple[StrOrPromise, str]] = {
    "account/email/account_already_exists": (_("Sign in"), "account_login"),
    "account/email/unknown_account": (_("Sign in"), "account_login"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Mail about the account looks like all other mail of the portal."""

    def render_mail(self, template_prefix, email, context, headers=None):
        values = context | {"site_name": site_name()}
        action: StrOrPromise = ""
        url = ""
        if template_prefix in BUTTONS:
            action, name = BUTTONS[template_prefix]
            url = absolute(reverse(name))
        elif template_prefix == "account/email/login_code" and "url" in context:
            action, url = _("Type the code on this device"), context["url"]
        elif "password_reset_url" in context:
            action, url = _("Choose a new password"), context["password_reset_url"]
        body = render_to_string(
            f"{template_prefix}_message.txt", values, request_context.request
        ).strip()
        return render_email(
            to=email,
            subject=as_text(f"{template_prefix}_subject.txt", values),
            body=body,
            action=action,
            url=url,
            # Who has not confirmed the address may not be whom the name was typed for.
            name=getattr(context.get("user"), "first_name", "") if has_confirmed(email) else "",
        )

    def is_reauthentication_required(self, *, app, **kwargs):
        """The same 15 minutes everywhere, whatever the app of allauth would ask for."""
        return not recently_authenticated(request_context.request)

    def get_reauthentication_methods(self, user):
        """Who has a second factor shows that, and nothing weaker."""
        methods = super().get_reauthentication_methods(user)
        if not user.is_authenticated or not is_mfa_enabled(user, FACTORS):
            return methods
        return [method for method in methods if method["id"].startswith("mfa_reauthenticate")]

    def send_mail(self, template_prefix, email, context):
        """Send what is about the account before other mail, and codes only while they are valid."""
        values = {"request": request_context.request, "email": email} | context
        message = self.render_mail(template_prefix, email, values)
        expires_at = timezone.now() + CODE_IS_VALID if "code" in context else None
        message.queued_with = {
            "priority": PRIORITY.now,
            "expires_at": expires_at,
            "about_account": True,
        }
        try:
            message.send()
        except AddressOverBudget:
            # Count strangers only: an error here would reveal who has an account.
            logger.warning("Mail to strangers from one network address is over its budget.")


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A municipality's own sign-in vouches for its own addresses, and for no others."""

    def vouches(self, provider, email):
        return is_domain_of(provider.app.settings.get("municipality", ""), email)

    def is_email_verified(self, provider, email):
        return self.vouches(provider, email)

    def can_authenticate_by_email(self, login, email):
        return self.vouches(login.provider, email)

    def pre_social_login(self, request, sociallogin):
        """Trust no e-mail address that a provider calls verified: confirm it with a code."""
        for address in sociallogin.email_addresses:
            address.verified = self.vouches(sociallogin.provider, address.email)
