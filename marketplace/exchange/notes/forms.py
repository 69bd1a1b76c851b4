"""Forms for thanks and problems."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.notes.models import Note
from marketplace.exchange.reservations.forms import ExchangeForm


class ThanksForm(ExchangeForm):
    prefix = "thanks"
    error_field = "text"

    text = forms.CharField(
        label=_("A few words of thanks"),
        max_length=Note._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ProblemForm(ExchangeForm):
    prefix = "problem"
    error_field = "text"

    text = forms.CharField(
        label=_("What went wrong?"),
        max_length=Note._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Only the coordinator reads it. Say it too if the kilos or the quantity are wrong."
        ),
    )
