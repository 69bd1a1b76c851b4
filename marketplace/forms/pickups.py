from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.models import PickupTime


class PickupTimeForm(forms.ModelForm):
    """One more time when material can be fetched: every week, or on one day."""

    class Meta:
        model = PickupTime
        fields = ["weekday", "day", "starts", "ends"]
        labels = {
            "weekday": _("Every week on"),
            "day": _("Or only on this day"),
            "starts": _("From"),
            "ends": _("To"),
        }
        widgets = {
            "day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "starts": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "ends": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["weekday"].choices = [
            ("", _("Not every week")),
            *PickupTime.Weekday.choices,
        ]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("That day has already passed."))
        return day
