"""What is said once of all that is cleared out, and what is said of each thing."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.offers.clearing.models import Clearing


class ClearingForm(forms.ModelForm):
    """Place, days and condition of everything that is found on the walk."""

    class Meta:
        model = Clearing
        fields = [
            "available_from",
            "available_until",
            "condition",
            "pickup_address",
            "pickup_town",
            "storage_place",
        ]
        labels = {
            "available_from": _("From which day can it be collected?"),
            "available_until": _("Last day"),
            "pickup_address": _("Where is it to be collected?"),
            "storage_place": _("Where it is stored"),
        }
        help_texts = {
            "available_from": _("Before that day others can see it, reserve it and follow it."),
            "storage_place": _("For example, “the attic”. Your colleagues see it."),
        }
        widgets = {
            "available_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "available_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        first, last = cleaned.get("available_from"), cleaned.get("available_until")
        if last and last < timezone.localdate():
            self.add_error("available_until", _("That day has already passed."))
        elif first and last and last < first:
            self.add_error("available_until", _("The last day cannot be before the first day."))
        return cleaned


class ThingForm(forms.Form):
    """One thing: a word is enough, and a number in front of it is how many."""

    text = forms.CharField(
        label=_("What is it, and how many?"),
        max_length=110,
        help_text=_("For example, “12 chairs”. Without a number it is one."),
    )

    def clean_text(self):
        text = self.cleaned_data["text"]
        if not any(sign.isalpha() for sign in text):
            raise forms.ValidationError(_("Write a few words, too."))
        return text
