from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.models import MailPreference


class MailPreferenceForm(forms.ModelForm):
    """How often somebody wants mail about what happens in the exchange."""

    class Meta:
        model = MailPreference
        fields = ["frequency"]
        labels = {"frequency": _("How often do you want mail?")}
        widgets = {"frequency": forms.RadioSelect}
