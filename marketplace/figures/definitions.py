"""What each key figure means, for the site, the reports, the data files and the API alike."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

LEDGER = gettext_lazy("The portal's ledger of handovers")
USE = gettext_lazy("One row per signed-in person and day")
RESERVATIONS = gettext_lazy("The portal's reservations")
LISTINGS = gettext_lazy("The portal's listings and its ledger of handovers")
IDEAS = gettext_lazy("The portal's pupils' ideas")
PURCHASES = gettext_lazy("Reports by schools and services")


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
        Figure(
            "active_users",
            gettext_lazy("Active users"),
            "",
            gettext_lazy(
                "People in companies, schools and services who used the portal, signed in, on at "
                "least one day. Each is counted once, where they belonged on the last of them."
            ),
            source=USE,
        ),
        Figure(
            "returning_users",
            gettext_lazy("Returning users"),
            "",
            gettext_lazy("Active users who used the portal on at least two days."),
            source=USE,
        ),
        Figure(
            "response_hours",
            gettext_lazy("Response time"),
            "h",
            gettext_lazy(
                "Hours from a request to the giver's yes or no: half of the requests of the "
                "period that were answered had their answer sooner."
            ),
            decimals=1,
            source=RESERVATIONS,
        ),
        Figure(
            "answered_percent",
            gettext_lazy("Requests answered"),
            "%",
            gettext_lazy("The share of the period's requests that the giver said yes or no to."),
            source=RESERVATIONS,
        ),
        Figure(
            "taken_percent",
            gettext_lazy("Listings that found a taker"),
            "%",
            gettext_lazy(
                "The share of the listings published in the period that at least one handover "
                "has been made of."
            ),
            source=LISTINGS,
        ),
        Figure(
            "taken_days",
            gettext_lazy("Days until a taker"),
            "",
            gettext_lazy(
                "Days from publication to the first handover: half of the period's listings "
                "that found a taker found one sooner."
            ),
            decimals=1,
            source=LISTINGS,
        ),
        Figure(
            "ideas_sent",
            gettext_lazy("Pupils' ideas sent"),
            "",
            gettext_lazy("Ideas that pupils sent in the period and a teacher let through."),
            source=IDEAS,
        ),
        Figure(
            "ideas_answered",
            gettext_lazy("Ideas answered"),
            "",
            gettext_lazy("Those of them that the company has thanked for or taken further."),
            source=IDEAS,
        ),
        Figure(
            "ideas_taken_further",
            gettext_lazy("Ideas taken further"),
            "",
            gettext_lazy("Those of them that the company has said it wants to build on."),
            source=IDEAS,
        ),
        Figure(
            "rating",
            gettext_lazy("Rating"),
            "",
            gettext_lazy(
                "The mean of the answers, from 1 to 5, to “how did it go?” after a handover."
            ),
            decimals=1,
            source=gettext_lazy("Ratings by givers and receivers"),
        ),
        Figure(
            "bought_kg",
            gettext_lazy("Bought new"),
            "kg",
            gettext_lazy(
                "Material that schools and services report that they bought, per term. Where "
                "only the cost is reported, kilograms are cost ÷ the category's price."
            ),
            decimals=3,
            source=PURCHASES,
        ),
        Figure(
            "bought_sek",
            gettext_lazy("Bought new, cost"),
            "SEK",
            gettext_lazy(
                "What the reported purchases cost. Where only kilograms are reported, the cost "
                "is kilograms × the category's price."
            ),
            decimals=2,
            source=PURCHASES,
        ),
    ]
}
