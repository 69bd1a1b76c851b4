"""The columns of a spreadsheet of listings."""

from django.utils.translation import gettext_lazy

from marketplace.safety.answers import QUESTIONS
from portal.foundation.spreadsheets.headings import ColumnSet
from portal.foundation.text_types import StrOrPromise


def labels() -> dict[str, StrOrPromise]:
    """{name: heading} of the columns of a spreadsheet of listings, in order."""
    return {
        "title": gettext_lazy("Title"),
        "category": gettext_lazy("Kind of material"),
        "quantity": gettext_lazy("Quantity"),
        "unit": gettext_lazy("Unit"),
        "kg_per_unit": gettext_lazy("Kg each"),
        "condition": gettext_lazy("Condition"),
        "description": gettext_lazy("Description"),
        "available_until": gettext_lazy("Last day"),
        "splittable": gettext_lazy("Can be shared"),
        "smallest_part": gettext_lazy("Smallest part"),
        "pickup_address": gettext_lazy("Pickup address"),
        "pickup_postcode": gettext_lazy("Postcode"),
        "pickup_town": gettext_lazy("Town"),
        "pickup_hours": gettext_lazy("Pickup times"),
        "dimensions": gettext_lazy("Dimensions"),
        "colours": gettext_lazy("Colours"),
        "tags": gettext_lazy("Tags"),
        "reference": gettext_lazy("Your own reference"),
        "storage_place": gettext_lazy("Storage place"),
        **{name: question for name, (question, _answers) in QUESTIONS.items()},
    }


# Without these a row is no listing.
REQUIRED = ("title", "category", "quantity", "unit")

# What people call these columns in lists of their own, and what our own template has called them.
ALSO_KNOWN = {
    "title": ("rubrik", "titel", "benämning", "artikel", "artikelnamn", "produkt", "vara"),
    "category": ("sorts material", "kategori", "materialslag", "varugrupp", "category"),
    "quantity": ("antal", "mängd", "kvantitet", "antal/mängd", "qty", "amount"),
    "unit": ("enhet", "enh", "enh."),
    "kg_per_unit": ("kg per styck", "kg/st", "kg/styck", "vikt per styck", "vikt/st", "styckvikt"),
    "condition": ("skick",),
    "description": ("beskrivning", "kommentar"),
    "available_until": ("sista dag", "finns till", "tillgänglig till", "t.o.m.", "slutdatum"),
    "splittable": ("får delas", "går att dela upp", "går att dela", "delbar"),
    "smallest_part": ("minsta del", "minsta antal"),
    "pickup_address": ("hämtadress", "adress", "gatuadress"),
    "pickup_postcode": ("postnummer", "postnr"),
    "pickup_town": ("ort", "postort"),
    "pickup_hours": ("hämttider", "öppettider"),
    "dimensions": ("mått", "storlek"),
    "colours": ("färger", "färg"),
    "tags": ("sökord", "ord", "taggar", "words"),
    "reference": ("er egen referens", "egen referens", "referens", "artikelnummer", "artikelnr"),
    "storage_place": ("lagerplats", "plats", "hyllplats"),
}


def column_set() -> ColumnSet:
    return ColumnSet.named(labels(), also_known=ALSO_KNOWN, required=REQUIRED)
