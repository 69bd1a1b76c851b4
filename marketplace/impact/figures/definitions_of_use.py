"""What the figures of use, costs and purchases mean; `definitions` has those of the ledger."""

from django.utils.translation import gettext_lazy

from marketplace.impact.figures.figure import (
    COSTS,
    IDEAS,
    LISTINGS,
    PURCHASES,
    RESERVATIONS,
    USE,
    Figure,
)

FIGURES_OF_USE = [
    Figure(
        "active_users",
        gettext_lazy("Active users"),
        "",
        gettext_lazy(
            "People in companies, schools and services who were signed in to the "
            "portal on at least one day. Each is counted once, where they belonged "
            "on the last of those days."
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
        "recalls",
        gettext_lazy("Recalls"),
        "",
        gettext_lazy(
            "Listings recalled because their material must no longer be used, by the "
            "day of the recall, in the giver's municipality."
        ),
        source=gettext_lazy("Recorded by givers, editors and coordinators"),
    ),
    Figure(
        "listings",
        gettext_lazy("Listings published"),
        "",
        gettext_lazy("Listings that organisations of the municipality published in the period."),
        source=LISTINGS,
    ),
    Figure(
        "requests",
        gettext_lazy("Requests"),
        "",
        gettext_lazy("Requests for material of the municipality's organisations."),
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
        empty="null when no request was answered.",
        decimals=1,
        source=RESERVATIONS,
    ),
    Figure(
        "answered_percent",
        gettext_lazy("Requests answered"),
        "%",
        gettext_lazy("The share of the period's requests to which the giver said yes or no."),
        source=RESERVATIONS,
        empty="null when there were no requests.",
    ),
    Figure(
        "taken_percent",
        gettext_lazy("Listings that found a taker"),
        "%",
        gettext_lazy(
            "The share of the listings published in the period that have led to at "
            "least one handover."
        ),
        empty="null when there were no listings.",
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
        empty="null when no listing found a taker.",
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
            "The average of the answers, from 1 to 5, to “how did it go?” after a handover."
        ),
        decimals=1,
        source=gettext_lazy("Ratings by givers and receivers"),
    ),
    Figure(
        "ratings",
        gettext_lazy("Number of ratings"),
        "",
        gettext_lazy("How many answers the average is based on."),
        source=gettext_lazy("Ratings by givers and receivers"),
    ),
    Figure(
        "goal_kg",
        gettext_lazy("Goal"),
        "kg",
        gettext_lazy(
            "What the municipality wants brokered, where it has set a goal. A part of a year "
            "has the same part, by days, of the year's goal."
        ),
        source=gettext_lazy("The municipalities' goals"),
    ),
    Figure(
        "goal_percent",
        gettext_lazy("Of the goal"),
        "%",
        gettext_lazy(
            "Material brokered as a share of the goal. What has been reached is 100 %, however "
            "much more there is."
        ),
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
            "Both parts together. Shares are rounded down to whole öre, and the "
            "remaining öre go to those whose shares were rounded down most, so that "
            "all shares add up to the cost."
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
