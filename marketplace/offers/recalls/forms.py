"""The form that recalls material."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.offers.recalls.models import Recall


class RecallForm(forms.ModelForm):
    class Meta:
        model = Recall
        fields = ["reason"]
        labels = {"reason": _("What is wrong with it, and what should they do?")}
        help_texts = {
            "reason": _("Sent as it is to everybody who has received some, and shown on its page.")
        }
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}
