from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.purchases.services import Purchase
from marketplace.materials.fields import QuantityField
from marketplace.materials.models import MaterialCategory

YEARS_BACK = 2


def terms(today: date | None = None) -> list[tuple[str, str]]:
    """Return [("ht2026", "Autumn term 2026")] of the terms that can be reported, newest first."""
    today = today or timezone.localdate()
    choices = []
    for year in range(today.year, today.year - YEARS_BACK - 1, -1):
        for term in (PurchaseReport.Term.AUTUMN, PurchaseReport.Term.SPRING):
            if year < today.year or term == PurchaseReport.Term.SPRING or today.month > 6:
                choices.append((f"{term.value}{year}", f"{term.label} {year}"))
    return choices


def chosen_term(text: str) -> tuple[int, PurchaseReport.Term]:
    """Parse a URL parameter such as "ht2026" to (year, term), by default the newest."""
    known = dict(terms())
    key = text if text in known else next(iter(known))
    return int(key[2:]), PurchaseReport.Term(key[:2])


class PurchaseForm(forms.Form):
    """The purchases of a category in kilograms, kronor or both; empty means none."""

    mass_kg = QuantityField(label=_("Kilograms"), required=False)
    cost_sek = QuantityField(label=_("SEK"), required=False, decimal_places=2)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        category: MaterialCategory,
        name: str,
        earlier: PurchaseReport | None = None,
    ) -> None:
        self.category = category
        self.name = name
        initial: dict[str, Decimal | None] = {}
        if earlier:
            # An estimate must not come back as something that the user reported.
            initial["mass_kg"] = None if earlier.mass_estimated else earlier.mass_kg
            initial["cost_sek"] = None if earlier.cost_estimated else earlier.cost_sek
        super().__init__(data, prefix=f"c{category.pk}", initial=initial)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{name}: {field.label}"

    @property
    def purchase(self) -> Purchase | None:
        mass, cost = self.cleaned_data["mass_kg"], self.cleaned_data["cost_sek"]
        return Purchase(self.category, mass, cost) if mass or cost else None


class SpreadsheetForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("XLSX or CSV with the columns material, kilograms and SEK. At most 500 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
