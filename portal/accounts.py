"""Signing up: what is asked of a person beside the e-mail address."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(forms.Form):
    """Name, for the other side of an exchange to know whom they meet."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    accepts_terms = forms.BooleanField(
        label=_("I accept the terms of use"),
        error_messages={"required": _("Read the terms of use and tick the box.")},
    )

    def signup(self, request, user):
        user.first_name = self.cleaned_data["first_name"]
        user.last_name = self.cleaned_data["last_name"]
        user.language = request.LANGUAGE_CODE
        user.save(update_fields=["first_name", "last_name", "language"])
