from django import forms
from django.utils.translation import gettext_lazy as _


class ReportForm(forms.Form):
    """What is wrong with a listing, to those who review them."""

    text = forms.CharField(
        label=_("What is wrong?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "For example, it is dangerous, it is not what the picture shows, or it is not a gift."
        ),
    )
