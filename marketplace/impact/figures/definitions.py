"""What each key figure means, for the site, the reports, the data files and the API alike."""

from django.utils.translation import gettext_lazy

from marketplace.impact.figures.climate_definitions import CLIMATE
from marketplace.impact.figures.definitions_of_use import FIGURES_OF_USE
from marketplace.impact.figures.figure import Figure

FIGURES_OF_THE_LEDGER = [
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
    *CLIMATE,
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
        gettext_lazy("The number of times material has changed hands."),
    ),
    Figure(
        "pieces",
        gettext_lazy("Pieces"),
        "",
        gettext_lazy("Pieces in the handovers of material that is counted in pieces."),
        decimals=3,
    ),
    *(
        Figure(
            key,
            name,
            "kg",
            definition,
            decimals=3,
        )
        for key, name, definition in [
            (
                "from_company_kg",
                gettext_lazy("Given by companies"),
                gettext_lazy("The part of the kilograms that companies gave."),
            ),
            (
                "from_service_kg",
                gettext_lazy("Given by schools and services"),
                gettext_lazy(
                    "The part of the kilograms that schools, preschools and other municipal "
                    "services gave."
                ),
            ),
            (
                "to_company_kg",
                gettext_lazy("Received by companies"),
                gettext_lazy("The part of the kilograms that companies received."),
            ),
            (
                "to_service_kg",
                gettext_lazy("Received by schools and services"),
                gettext_lazy(
                    "The part of the kilograms that schools, preschools and other municipal "
                    "services received."
                ),
            ),
        ]
    ),
    Figure(
        "organisations",
        gettext_lazy("Organisations"),
        "",
        gettext_lazy(
            "Companies, schools, preschools and other services that have given or received. "
            "Each is counted once, in the municipality that it belonged to at its "
            "last handover in the period."
        ),
    ),
    Figure(
        "givers",
        gettext_lazy("Organisations that have given"),
        "",
        gettext_lazy("Organisations that have given material at least once."),
    ),
    Figure(
        "givers_company",
        gettext_lazy("Companies that have given"),
        "",
        gettext_lazy("Those of the givers that are companies."),
    ),
    Figure(
        "givers_service",
        gettext_lazy("Schools and services that have given"),
        "",
        gettext_lazy(
            "Those of the givers that are schools, preschools or other municipal services."
        ),
    ),
    Figure(
        "receivers",
        gettext_lazy("Organisations that have received"),
        "",
        gettext_lazy("Organisations that have received material at least once."),
    ),
    Figure(
        "receivers_company",
        gettext_lazy("Companies that have received"),
        "",
        gettext_lazy("Those of the receivers that are companies."),
    ),
    Figure(
        "receivers_service",
        gettext_lazy("Schools and services that have received"),
        "",
        gettext_lazy(
            "Those of the receivers that are schools, preschools or other municipal services."
        ),
    ),
    Figure(
        "collaborations",
        gettext_lazy("Collaborations"),
        "",
        gettext_lazy(
            "Pairs of a giver and a receiver that have exchanged material. Each is "
            "counted once, in the receiver's municipality at the last handover."
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

FIGURES = {figure.key: figure for figure in [*FIGURES_OF_THE_LEDGER, *FIGURES_OF_USE]}
