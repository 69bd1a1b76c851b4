"""Form fields for how much there is."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.materials.units import KG_PER_MASS_UNIT

if TYPE_CHECKING:
    Base = forms.Form
else:
    Base = object


class StockFields(Base):
    """What forms that say how much there is have in common.

    The form has the fields `quantity`, `unit`, `kg_per_unit` and `smallest_part`. After
    `is_valid`, `stock_values()` is what `services.set_stock` takes.
    """

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        unit = cleaned.get("unit")
        if unit in KG_PER_MASS_UNIT:
            # Kilograms and grams say their own weight.
            cleaned["kg_per_unit"] = Decimal(KG_PER_MASS_UNIT[unit])
        elif unit and not cleaned.get("kg_per_unit") and "kg_per_unit" not in self.errors:
            self.add_error(
                "kg_per_unit", _("Estimate what one weighs. Roughly right is good enough.")
            )
        smallest, quantity = cleaned.get("smallest_part"), cleaned.get("quantity")
        if smallest and quantity and smallest > quantity:
            self.add_error("smallest_part", _("That is more than there is."))
        return cleaned

    def stock_values(self):
        return {
            "offered": self.cleaned_data["quantity"],
            "unit": self.cleaned_data["unit"],
            "kg_per_unit": self.cleaned_data["kg_per_unit"],
        }
