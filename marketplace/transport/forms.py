"""What drivers and coordinators write."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.materials.fields import QuantityField
from marketplace.transport.driving import Tap
from marketplace.transport.models import Stop
from portal.foundation.images.cleaning import clean_picture


class TapForm(forms.Form):
    """One tap at a stop, with what was counted and weighed. `key` is the phone's name for it."""

    outcome = forms.ChoiceField(
        choices=[(each, each) for each in Stop.State.values if each != Stop.State.PLANNED],
        widget=forms.HiddenInput,
    )
    key = forms.RegexField(r"^[\w-]{8,64}$", widget=forms.HiddenInput)
    at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    quantity = QuantityField(label=_("How much?"), required=False)
    mass_kg = QuantityField(label=_("What does it weigh, in kg?"), required=False)
    note = forms.CharField(label=_("A few words about it"), required=False, max_length=300)
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def __init__(self, data=None, files=None, *, stop):
        super().__init__(data, files, auto_id=f"stop-{stop.pk}-%s")
        self.fields["quantity"].initial = stop.shipment.reservation.quantity
        self.stop = stop

    def clean_outcome(self):
        outcome = self.cleaned_data["outcome"]
        own = Stop.State.FETCHED if self.stop.type == Stop.Type.FETCH else Stop.State.LEFT
        if outcome not in (own, Stop.State.NOBODY):
            raise ValidationError(_("That does not belong to this stop."))
        return outcome

    def clean_photo(self):
        """The cleaned picture, which is kept with the tap."""
        upload = self.cleaned_data["photo"]
        return clean_picture(upload) if upload else None

    def tap(self) -> Tap:
        values = dict(self.cleaned_data)
        at: datetime | None = values.pop("at")
        return Tap(at=at or timezone.now(), **values)


class DelayForm(forms.Form):
    minutes = forms.TypedChoiceField(
        label=_("How much later?"),
        coerce=int,
        choices=[
            (15, _("15 minutes")),
            (30, _("30 minutes")),
            (60, _("an hour")),
            (120, _("two hours")),
        ],
    )
