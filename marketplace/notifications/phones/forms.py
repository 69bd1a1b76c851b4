import base64
import binascii
import re

from cryptography.hazmat.primitives.asymmetric import ec
from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.phones import push
from marketplace.notifications.phones.models import PhoneNumber, PushSubscription, QuietHours

CODE_LENGTH = 6


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PushForm(forms.ModelForm):
    """What a browser says about itself when its owner turns notifications on."""

    UNUSABLE = _("Your browser's answer could not be used. Please try again.")

    class Meta:
        model = PushSubscription
        fields = ["endpoint", "p256dh", "auth"]

    def clean_endpoint(self):
        endpoint = self.cleaned_data["endpoint"]
        if not push.is_known_service(endpoint):
            raise forms.ValidationError(self.UNUSABLE)
        return endpoint

    def clean_p256dh(self):
        key = self.cleaned_data["p256dh"]
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(key))
        except (binascii.Error, ValueError) as error:
            raise forms.ValidationError(self.UNUSABLE) from error
        return key

    def clean_auth(self):
        secret = self.cleaned_data["auth"]
        try:
            usable = len(_bytes(secret)) == 16
        except (binascii.Error, ValueError):
            usable = False
        if not usable:
            raise forms.ValidationError(self.UNUSABLE)
        return secret

    def validate_unique(self):
        """A browser that is known already changes hands: see `services.turn_on`."""


class QuietHoursForm(forms.ModelForm):
    """When somebody's phone is left alone."""

    class Meta:
        model = QuietHours
        fields = ["evenings", "nights", "weekends"]


def international(text: str) -> str:
    """A number as people write it, as gateways want it: 070-123 45 67 is +46701234567."""
    digits = re.sub(r"[\s\-–/().\u00a0]", "", text)
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if digits.startswith("0"):
        return f"+46{digits[1:]}"
    return digits


class NumberForm(forms.Form):
    """The number that texts are to go to."""

    number = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "placeholder": "070-123 45 67"}
        ),
    )

    def clean_number(self):
        number = international(self.cleaned_data["number"])
        try:
            PhoneNumber._meta.get_field("number").run_validators(number)
        except forms.ValidationError as error:
            raise forms.ValidationError(
                _("Write a mobile number, such as 070-123 45 67.")
            ) from error
        return number


class CodeForm(forms.Form):
    """The code that was sent to the number."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self):
        return re.sub(r"\s", "", self.cleaned_data["code"])
