"""Signing in with a password, for those who have one.

Apart from `accounts`, which allauth's own forms import.
"""

from allauth.account.fields import PasswordField
from allauth.account.forms import LoginForm as CodeLoginForm
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
