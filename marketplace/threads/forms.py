from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.threads.models import Message


class MessageForm(forms.Form):
    """What one of the two writes next, below the thread."""

    text = forms.CharField(
        label=_("Message"),
        max_length=Message._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
