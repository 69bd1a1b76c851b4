"""The form that confirms a handover."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import estimated_mass
from marketplace.exchange.reservations.forms import ExchangeForm
from marketplace.materials.fields import QuantityField
from marketplace.materials.units import format_quantity, two_digits

UNKNOWN = "unknown"


class HandoverForm(ExchangeForm):
    """What really changed hands: as agreed, unless somebody says otherwise.

    One question is asked of everybody; all the rest has an answer already. Weight and cost are
    only written by those who know them, so that a guess of ours is never taken for their word.
    """

    error_field = "quantity"
    prefix = "handover"

    early = forms.BooleanField(label=_("It has been collected already, before the agreed day"))
    would_have_bought = forms.ChoiceField(
        label=_("Would you otherwise have bought this?"),
        choices=[*Handover.WouldHaveBought.choices, (UNKNOWN, _("Do not know"))],
        widget=forms.RadioSelect,
    )
    quantity = QuantityField(label=_("How much was handed over?"))
    mass_kg = QuantityField(label=_("How much did it weigh, in kg?"), required=False)
    cost_sek = QuantityField(
        label=_("What would it have cost, in SEK?"), required=False, decimal_places=2
    )
    on = forms.DateField(
        label=_("Which day?"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day, such as 2026-05-21.")},
    )

    DETAILS = ("quantity", "mass_kg", "cost_sek", "on")

    def __init__(self, *args, reservation, gives, **kwargs):
        super().__init__(*args, **kwargs)
        stock = reservation.listing.stock
        if not reservation.is_before_agreed_day:
            del self.fields["early"]
        if gives:
            self.fields["would_have_bought"].label = _("Would they otherwise have bought this?")
        self.fields["quantity"].initial = reservation.quantity
        self.fields["quantity"].help_text = _("%(amount)s were agreed.") % {
            "amount": format_quantity(reservation.quantity, stock.unit)
        }
        self.fields["mass_kg"].help_text = _(
            "About %(mass)s by the listing. Fill it in only if you have weighed it."
        ) % {"mass": kilograms_of(reservation.quantity, stock.kg_per_unit)}
        self.fields["cost_sek"].help_text = _("Write it only if you know.")
        self.fields["on"].initial = timezone.localdate()

    @property
    def has_wrong_details(self):
        return any(name in self.errors for name in self.DETAILS)

    def clean_would_have_bought(self):
        """Without an answer no purchase was avoided, so nothing counts."""
        answer = self.cleaned_data["would_have_bought"]
        return "" if answer == UNKNOWN else answer

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("A handover cannot be recorded before it has happened."))
        return day


class BoughtForm(ExchangeForm):
    """The one question, asked of the receiver after a driver or a hub has handed it over."""

    error_field = "would_have_bought"
    prefix = "bought"

    would_have_bought = forms.ChoiceField(
        label=_("Would you otherwise have bought this?"),
        choices=Handover.WouldHaveBought.choices,
        widget=forms.RadioSelect,
    )


def kilograms_of(quantity: Decimal, kg_per_unit: Decimal) -> str:
    """The mass of `quantity` as well as it is known, such as "15 kg"."""
    return format_quantity(two_digits(estimated_mass(quantity, kg_per_unit)), "kg")
