"""The columns of a spreadsheet of purchases."""

from django.utils.translation import gettext_lazy

from portal.foundation.spreadsheets.headings import ColumnSet
from portal.foundation.text_types import StrOrPromise

# Besides our own headings in each language: what accounts and lists of purchases say.
ALSO_KNOWN = {
    "material": (
        "material",
        "kategori",
        "sorts material",
        "varugrupp",
        "produktgrupp",
        "category",
        "kind of material",
    ),
    "mass_kg": ("kilo", "kg", "kilogram", "vikt", "vikt (kg)", "kilograms", "weight"),
    "cost_sek": ("kronor", "kr", "sek", "belopp", "kostnad", "pris", "summa", "cost", "amount"),
}


def labels() -> dict[str, StrOrPromise]:
    return {
        "material": gettext_lazy("Material"),
        "mass_kg": gettext_lazy("Kilograms"),
        "cost_sek": gettext_lazy("SEK"),
    }


def column_set() -> ColumnSet:
    return ColumnSet.named(labels(), also_known=ALSO_KNOWN, required=("material",))
