from django import forms
from django.utils.translation import gettext_lazy as _


class ReportForm(forms.Form):
    """What is wrong with a listing, to those who review them."""

    text = forms.CharField(
        label=_("What is wrong?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "For example, that it is dangerous, not what the picture shows, or not a gift."
        ),
    )
