"""Signing in with a password, for those who have one; and what somebody new is asked.

Apart from `accounts`, which allauth's own forms import.
"""

from allauth.account.fields import PasswordField
from allauth.account.forms import LoginForm as CodeLoginForm
from allauth.account.forms import RequestLoginCodeForm, SignupForm
from allauth.core import context
from django.utils.translation import gettext_lazy as _


class LoginForm(CodeLoginForm):
    """allauth asks for no password where nobody chooses one at signing up; staff may have one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"] = PasswordField(
            label=_("Password"), autocomplete="current-password"
        )
        self.order_fields(["login", "password", "remember"])


class CodeForm(RequestLoginCodeForm):
    """The address that a code is sent to. It stands beside the form for passwords."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"auto_id": "code-%s", **kwargs})
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)
        self.fields["email"].widget.attrs["autocomplete"] = "username webauthn"


class ArrivalForm(SignupForm):
    """Name and place to work. The address is the one that the code was sent to, and no other."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
        self.fields["email"].initial = context.request.session.get("account_verified_email")
