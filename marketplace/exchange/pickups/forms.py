from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.pickups.models import PickupTime
from marketplace.materials.fields import QuantityField
from portal.foundation.form_fields import choice_field


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
        choice_field(self, "weekday").choices = [
            ("", _("Not every week")),
            *PickupTime.Weekday.choices,
        ]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("That day has already passed."))
        return day


class TakeItNowForm(forms.Form):
    """Up to how much schools may take at the pickup times without being asked back."""

    prefix = "now"

    up_to_kg = QuantityField(
        label=_("Up to how many kilograms?"),
        required=False,
        decimal_places=1,
        max_value=99_999,
        help_text=_("Leave it empty to answer every reservation yourself."),
    )
