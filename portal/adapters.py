"""How django-allauth fits in: mail in the site's look, and whom a municipality vouches for."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as request_context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.organisations import is_domain_of

from .letters import absolute, as_text, letter, site_name

# Where the button of a mail about the account leads. Codes are typed in and need none.
BUTTONS = {
    "account/email/account_already_exists": (_("Sign in"), "account_login"),
    "account/email/unknown_account": (_("Register"), "account_signup"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Mail about the account looks like all other mail of the portal."""

    def render_mail(self, template_prefix, email, context, headers=None):
        values = context | {"site_name": site_name()}
        action, url = "", ""
        if template_prefix in BUTTONS:
            action, name = BUTTONS[template_prefix]
            url = absolute(reverse(name))
        elif "password_reset_url" in context:
            action, url = _("Choose a new password"), context["password_reset_url"]
        body = render_to_string(
            f"{template_prefix}_message.txt", values, request_context.request
        ).strip()
        return letter(
            to=email,
            subject=as_text(f"{template_prefix}_subject.txt", values),
            body=body,
            action=action,
            url=url,
            name=getattr(context.get("user"), "first_name", ""),
        )


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A municipality's own sign-in vouches for its own addresses, and for no others."""

    def vouches(self, provider, email):
        return is_domain_of(provider.app.settings.get("municipality", ""), email)

    def is_email_verified(self, provider, email):
        return self.vouches(provider, email)

    def can_authenticate_by_email(self, login, email):
        return self.vouches(login.provider, email)

    def pre_social_login(self, request, sociallogin):
        """Believe nothing that is said of addresses elsewhere: they are confirmed by a code."""
        for address in sociallogin.email_addresses:
            address.verified = self.vouches(sociallogin.provider, address.email)
