"""What each key figure means, for the site, the reports, the data files and the API alike."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

LEDGER = gettext_lazy("The portal's ledger of handovers")


@dataclass(frozen=True)
class Figure:
    """One key figure: its name, its unit ("" for a plain count), and what it means in words."""

    key: str
    name: Promise
    unit: str
    definition: Promise
    decimals: int = 0
    source: Promise = LEDGER


FIGURES = {
    figure.key: figure
    for figure in [
        Figure(
            "mass_kg",
            gettext_lazy("Material brokered"),
            "kg",
            gettext_lazy(
                "Kilograms of material that have changed hands, as confirmed by giver or receiver. "
                "Counted for the municipality that the receiver belonged to on that day."
            ),
            decimals=3,
        ),
        Figure(
            "co2e_kg",
            gettext_lazy("Climate effect"),
            "kg CO2e",
            gettext_lazy(
                "Greenhouse gas emissions avoided: kilograms × the material's climate factor on "
                "the day of the handover, which stands for producing the same mass of new "
                "material, from cradle to gate. Transport and use are left out."
            ),
            decimals=3,
        ),
        Figure(
            "value_sek",
            gettext_lazy("Value of the material"),
            "SEK",
            gettext_lazy(
                "What the same mass of new material would have cost: kilograms × the category's "
                "price per kilogram on the day of the handover."
            ),
            decimals=2,
        ),
        Figure(
            "purchase_avoided_sek",
            gettext_lazy("Purchases avoided"),
            "SEK",
            gettext_lazy(
                "From the receivers' answers to “would you otherwise have bought this?”: yes "
                "counts in full, partly counts as half, no as nothing. The cost is the one that "
                "the receiver stated, or else the value of the material."
            ),
            decimals=2,
        ),
        Figure(
            "handovers",
            gettext_lazy("Handovers"),
            "",
            gettext_lazy("The number of times that material has changed hands."),
        ),
        Figure(
            "pieces",
            gettext_lazy("Pieces"),
            "",
            gettext_lazy("Pieces in the handovers of material that is counted in pieces."),
            decimals=3,
        ),
        Figure(
            "organisations",
            gettext_lazy("Organisations"),
            "",
            gettext_lazy(
                "Companies that have given and schools, preschools and other services that have "
                "received. Each is counted once, in the municipality that it belonged to at its "
                "last handover in the period."
            ),
        ),
        Figure(
            "givers",
            gettext_lazy("Companies that have given"),
            "",
            gettext_lazy("Organisations that have given material at least once."),
        ),
        Figure(
            "receivers",
            gettext_lazy("Schools and services that have received"),
            "",
            gettext_lazy("Organisations that have received material at least once."),
        ),
        Figure(
            "collaborations",
            gettext_lazy("Collaborations"),
            "",
            gettext_lazy(
                "Pairs of a giver and a receiver between whom material has changed hands. "
                "Each is counted once, in the receiver's municipality at the last handover."
            ),
        ),
        Figure(
            "new_collaborations",
            gettext_lazy("New collaborations"),
            "",
            gettext_lazy("Collaborations whose first handover ever was in the period."),
        ),
        Figure(
            "lasting_collaborations",
            gettext_lazy("Lasting collaborations"),
            "",
            gettext_lazy(
                "Collaborations that by the end of the period had seen three or more handovers, "
                "or handovers in at least two school terms."
            ),
        ),
    ]
}
