"""Form fields for the time of a pickup."""

from typing import TYPE_CHECKING

from django import forms
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.foundation.written import NotUnderstood, parse_moment


class PickupField(forms.DateTimeField):
    """A time of pickup, by the minute, in Swedish time."""

    default_error_messages = {
        "invalid": _("Write day and time, such as 2026-05-21 14:30."),
        "past": _("The pickup time has already passed. Choose a later one."),
    }
    FORMAT = "%Y-%m-%dT%H:%M"

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget", forms.DateTimeInput(format=self.FORMAT, attrs={"type": "datetime-local"})
        )
        super().__init__(**kwargs)

    def to_python(self, value):
        if not isinstance(value, str) or value in self.empty_values:
            return super().to_python(value)
        try:
            return from_current_timezone(parse_moment(value))
        except NotUnderstood as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def clean(self, value):
        value = super().clean(value)
        if value and value <= timezone.now():
            raise forms.ValidationError(self.error_messages["past"], code="past")
        return value


class PickupChoice(forms.TypedChoiceField):
    """One of the times that the giver offers, by its start."""

    def __init__(self, pickups, **kwargs):
        self.pickups = {f"{timezone.localtime(p.starts_at):%Y-%m-%dT%H:%M}": p for p in pickups}
        choices = [("", _("We agree on a time later")), *self.pickups.items()]
        super().__init__(
            choices=choices, coerce=lambda value: self.pickups[value].starts_at, **kwargs
        )

    def until(self, moment):
        """When the offered time that starts at `moment` ends, or None."""
        ends = {pickup.starts_at: pickup.ends_at for pickup in self.pickups.values()}
        return ends.get(moment)


if TYPE_CHECKING:
    Base = forms.Form
else:
    Base = object


class OfferedPickups(Base):
    """For forms with `pickup_at`: only the times that the giver offers, where it offers any."""

    def offer_pickups(self, giver):
        pickups = giver.pickup_times.coming()
        if pickups:
            field = self.fields["pickup_at"]
            self.fields["pickup_at"] = PickupChoice(
                pickups, label=field.label, required=field.required, empty_value=None
            )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        field = self.fields["pickup_at"]
        if isinstance(field, PickupChoice) and cleaned.get("pickup_at"):
            cleaned["pickup_until"] = field.until(cleaned["pickup_at"])
        return cleaned
