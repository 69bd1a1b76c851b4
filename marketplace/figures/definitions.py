"""What each key figure means, for the site, the reports, the data files and the API alike."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

LEDGER = gettext_lazy("The portal's ledger of handovers")
USE = gettext_lazy("One row per signed-in person and day")
RESERVATIONS = gettext_lazy("The portal's reservations")
LISTINGS = gettext_lazy("The portal's listings and its ledger of handovers")
IDEAS = gettext_lazy("The portal's pupils' ideas")
COSTS = gettext_lazy("The portal's settings of cost sharing")
PURCHASES = gettext_lazy("Reports by schools and services")


@dataclass(frozen=True)
class Figure:
    """One key figure: its name, its unit ("" for a plain count), and what it means in words.

    `public` is for the figures of other apps: whether they are shown on `/effekt/` as well.
    """

    key: str
    name: Promise
    unit: str
    definition: Promise
    decimals: int = 0
    source: Promise = LEDGER
    public: bool = False


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
        *(
            Figure(
                f"{key}_{side}",
                name,
                "",
                definition,
                source=USE,
            )
            for key, side, name, definition in [
                (
                    "active_users",
                    "company",
                    gettext_lazy("Active users in companies"),
                    gettext_lazy("Those of the active users who belonged to a company."),
                ),
                (
                    "active_users",
                    "service",
                    gettext_lazy("Active users in schools and services"),
                    gettext_lazy(
                        "Those of the active users who belonged to a school, preschool or other "
                        "municipal service."
                    ),
                ),
                (
                    "returning_users",
                    "company",
                    gettext_lazy("Returning users in companies"),
                    gettext_lazy("Those of the returning users who belonged to a company."),
                ),
                (
                    "returning_users",
                    "service",
                    gettext_lazy("Returning users in schools and services"),
                    gettext_lazy(
                        "Those of the returning users who belonged to a school, preschool or "
                        "other municipal service."
                    ),
                ),
            ]
        ),
        Figure(
            "other_collaborations",
            gettext_lazy("Other collaborations"),
            "",
            gettext_lazy(
                "Study visits, joint projects and other collaborations between a company and a "
                "school or service that were recorded by hand, by the day that they started."
            ),
            source=gettext_lazy("Recorded by coordinators, schools and companies"),
        ),
        Figure(
            "listings",
            gettext_lazy("Listings published"),
            "",
            gettext_lazy("Listings that companies of the municipality published in the period."),
            source=LISTINGS,
        ),
        Figure(
            "requests",
            gettext_lazy("Requests"),
            "",
            gettext_lazy("Requests for material of the municipality's companies."),
            source=RESERVATIONS,
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
            "ratings",
            gettext_lazy("Ratings"),
            "",
            gettext_lazy("How many answers the rating is the mean of."),
            source=gettext_lazy("Ratings by givers and receivers"),
        ),
        Figure(
            "goal_kg",
            gettext_lazy("Goal"),
            "kg",
            gettext_lazy(
                "What the municipality wants brokered; 100 kg a year where it has set no goal. A "
                "part of a year has the same part, by days, of the year's goal."
            ),
            source=gettext_lazy("The municipalities' goals"),
        ),
        Figure(
            "goal_percent",
            gettext_lazy("Of the goal"),
            "%",
            gettext_lazy("Material brokered as a share of the goal."),
        ),
        Figure(
            "given_kg",
            gettext_lazy("Given"),
            "kg",
            gettext_lazy("Kilograms that the organisation has given to others."),
            decimals=3,
        ),
        Figure(
            "received_kg",
            gettext_lazy("Received"),
            "kg",
            gettext_lazy("Kilograms that the organisation has received from others."),
            decimals=3,
        ),
        Figure(
            "population",
            gettext_lazy("Population"),
            "",
            gettext_lazy("Inhabitants, as entered for the municipality."),
            source=gettext_lazy("Statistics Sweden"),
        ),
        Figure(
            "cost_fixed_sek",
            gettext_lazy("Fixed part"),
            "SEK",
            gettext_lazy("The municipality's share of the part that is shared equally."),
            decimals=2,
            source=COSTS,
        ),
        Figure(
            "cost_rest_sek",
            gettext_lazy("Shared part"),
            "SEK",
            gettext_lazy("The municipality's share of the rest, by population or by kilograms."),
            decimals=2,
            source=COSTS,
        ),
        Figure(
            "cost_sek",
            gettext_lazy("To pay"),
            "SEK",
            gettext_lazy(
                "Both parts together. Shares are rounded down to öre, and the öre that are left go "
                "to those who lost most by it, so that all shares add up to the cost."
            ),
            decimals=2,
            source=COSTS,
        ),
        Figure(
            "reports",
            gettext_lazy("Reports of purchases"),
            "",
            gettext_lazy(
                "How many schools and services have reported what they bought in the term. "
                "Without it a low number says nothing."
            ),
            source=PURCHASES,
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
