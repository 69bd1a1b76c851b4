"""Forms for asking, answering, agreeing on a time and confirming a handover."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.models import (
    Handover,
    Note,
    Organisation,
    Reservation,
    ReservationMessage,
    format_quantity,
)
from marketplace.models.units import trim
from marketplace.services.stock import ORE, rounded

from .fields import QuantityField


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


class OfferedPickups:
    """For forms with `pickup_at`: only the times that the giver offers, where it offers any."""

    def offer_pickups(self, giver):
        pickups = giver.pickup_times.coming()
        if pickups:
            field = self.fields["pickup_at"]
            self.fields["pickup_at"] = PickupChoice(
                pickups, label=field.label, required=field.required, empty_value=None
            )

    def clean(self):
        cleaned = super().clean()
        field = self.fields["pickup_at"]
        if isinstance(field, PickupChoice) and cleaned.get("pickup_at"):
            cleaned["pickup_until"] = field.until(cleaned["pickup_at"])
        return cleaned


class ExchangeForm(forms.Form):
    """A form whose service may refuse with a named error, shown next to the field it is about."""

    error_field = None

    def add_refusal(self, error):
        self.add_error(self.error_field, str(error))


def choose_receiver(field, organisations, acting):
    """Let `field` choose among `organisations`, silently when there is only one."""
    field.queryset = Organisation.objects.filter(pk__in=[each.pk for each in organisations])
    field.initial = acting if acting in organisations else next(iter(organisations), None)
    if len(organisations) == 1:
        field.widget = forms.HiddenInput()


class ReserveForm(OfferedPickups, ExchangeForm):
    """Ask for all or some of a listing. All that is left is filled in from the start."""

    error_field = "quantity"

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("For"), empty_label=None
    )
    quantity = QuantityField(label=_("How much"))
    purpose = forms.CharField(
        label=_("What is it for?"),
        required=False,
        max_length=Reservation._meta.get_field("purpose").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence is enough. Companies like to know what becomes of their material."),
    )
    pickup_at = PickupField(
        label=_("When would you like to pick it up?"),
        required=False,
        help_text=_("You can also agree on a time later."),
    )

    def __init__(self, *args, listing, organisations, acting=None, **kwargs):
        super().__init__(*args, **kwargs)
        choose_receiver(self.fields["organisation"], organisations, acting)
        self.offer_pickups(listing.organisation)
        self.fields["quantity"].initial = listing.stock.left
        if not listing.splittable:
            self.fields["quantity"].help_text = _("It is given away as a whole.")
        elif listing.smallest_part:
            self.fields["quantity"].help_text = _("The smallest part is %(amount)s.") % {
                "amount": trim(listing.smallest_part)
            }


class WaitForm(ExchangeForm):
    """Stand in line for what may come back."""

    error_field = "quantity"

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("For"), empty_label=None
    )
    quantity = QuantityField(label=_("How much would you like?"))
    purpose = forms.CharField(
        label=_("What is it for?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, listing, organisations, acting=None, **kwargs):
        super().__init__(*args, **kwargs)
        choose_receiver(self.fields["organisation"], organisations, acting)
        quantity, stock = self.fields["quantity"], listing.stock
        quantity.help_text = _("In all there were %(amount)s.") % {
            "amount": format_quantity(stock.offered, stock.unit)
        }
        if not listing.splittable:
            quantity.initial = stock.offered


class AcceptForm(ExchangeForm):
    """Promise all that is asked for, or less."""

    error_field = "quantity"
    prefix = "accept"

    quantity = QuantityField(label=_("How much do you promise?"))
    pickup_at = PickupField(
        label=_("Pickup time"),
        required=False,
        help_text=_("Keep the wished time to agree to it, or propose another one."),
    )

    def __init__(self, *args, reservation, **kwargs):
        super().__init__(*args, **kwargs)
        left = reservation.listing.stock.left
        asked = reservation.requested_quantity
        self.fields["quantity"].initial = min(asked, left) if left else asked
        if reservation.pickup_at and reservation.pickup_at > timezone.now():
            self.fields["pickup_at"].initial = reservation.pickup_at

    def clean_pickup_at(self):
        # Whoever keeps the wished time agrees to it to the second that it was wished for.
        chosen, wished = self.cleaned_data["pickup_at"], self.fields["pickup_at"].initial
        if chosen and wished and chosen == wished.replace(second=0, microsecond=0):
            return wished
        return chosen


class DeclineForm(ExchangeForm):
    prefix = "decline"

    reason = forms.CharField(
        label=_("A word on why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as “It is already taken” or “We use it ourselves after all”."),
    )


class CancelForm(ExchangeForm):
    prefix = "cancel"

    reason = forms.CharField(
        label=_("A word on why"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PickupForm(OfferedPickups, ExchangeForm):
    error_field = "pickup_at"
    prefix = "pickup"

    pickup_at = PickupField(label=_("Pickup time"))

    def __init__(self, *args, reservation, gives, **kwargs):
        super().__init__(*args, **kwargs)
        if not gives:
            self.offer_pickups(reservation.giver)


class MessageForm(ExchangeForm):
    prefix = "message"

    text = forms.CharField(
        label=_("Message"),
        max_length=ReservationMessage._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ThanksForm(ExchangeForm):
    prefix = "thanks"
    error_field = "text"

    text = forms.CharField(
        label=_("A word of thanks"),
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


class HandoverForm(ExchangeForm):
    """What really changed hands. Weight and cost follow the quantity unless they are changed."""

    error_field = "quantity"
    prefix = "handover"

    quantity = QuantityField(label=_("How much changed hands?"))
    mass_kg = QuantityField(
        label=_("How much did it weigh, in kg?"),
        help_text=_("Worked out from the listing. Change it if you have weighed."),
    )
    on = forms.DateField(
        label=_("Which day?"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day, such as 2026-05-21.")},
    )
    would_have_bought = forms.ChoiceField(
        label=_("Would you otherwise have bought this?"),
        choices=Handover.WouldHaveBought.choices,
        widget=forms.RadioSelect,
    )
    cost_sek = QuantityField(
        label=_("What would it have cost, in SEK?"),
        required=False,
        decimal_places=2,
        help_text=_(
            "Worked out from the category’s price per kilogram. Change it if you know better."
        ),
    )

    def __init__(self, *args, reservation, gives, **kwargs):
        super().__init__(*args, **kwargs)
        if gives:
            self.ask_about_the_receiver()
        self.kg_per_unit = reservation.listing.stock.kg_per_unit
        mass = rounded(reservation.quantity * self.kg_per_unit, Decimal("0.001"))
        factor = reservation.listing.category.current_factor
        self.fields["quantity"].initial = reservation.quantity
        self.fields["mass_kg"].initial = max(mass, Decimal("0.001"))
        self.fields["on"].initial = timezone.localdate()
        if factor:
            self.fields["cost_sek"].initial = rounded(mass * factor.sek_per_kg, ORE) or None

    def ask_about_the_receiver(self):
        """Whoever gives need not know what the receiver would have bought: then nothing counts."""
        field = self.fields["would_have_bought"]
        field.label = _("Would they otherwise have bought this?")
        field.choices = [*Handover.WouldHaveBought.choices, ("", _("We do not know"))]
        field.required = False

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("A handover cannot be recorded before it has happened."))
        return day

    def clean(self):
        cleaned = super().clean()
        untouched = "mass_kg" not in self.changed_data
        if untouched and "quantity" in self.changed_data and cleaned.get("quantity"):
            cleaned["mass_kg"] = cleaned["quantity"] * self.kg_per_unit
        if "cost_sek" not in self.changed_data:
            cleaned["cost_sek"] = None
        return cleaned
