"""The form for joining the waiting list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.reservations.forms import (
    ExchangeForm,
    SafetyConfirmed,
    choose_receiver,
)
from marketplace.exchange.reservations.parts import sensible_part
from marketplace.materials.fields import QuantityField
from marketplace.materials.units import format_quantity
from marketplace.organisations.models import Organisation


class WaitForm(SafetyConfirmed, ExchangeForm):
    """Stand in line for what may come back."""

    error_field = "quantity"

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("For"), empty_label=None
    )
    quantity = QuantityField()
    purpose = forms.CharField(
        label=_("What is it for?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, listing, organisations, acting=None, **kwargs):
        super().__init__(*args, **kwargs)
        choose_receiver(self.fields["organisation"], organisations, acting)
        self.ask_to_confirm(listing.answers, organisations)
        quantity, stock = self.fields["quantity"], listing.stock
        quantity.help_text = _("In all there were %(amount)s.") % {
            "amount": format_quantity(stock.offered, stock.unit)
        }
        quantity.label = _("How much, in %(unit)s?") % {"unit": stock.get_unit_display()}
        # Nothing is left: what may come back is a part of all that there was.
        quantity.initial = sensible_part(listing, stock, of=stock.offered)
