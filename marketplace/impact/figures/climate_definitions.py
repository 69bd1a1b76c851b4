"""What the figures of the climate effect mean: gross, net with its range, and the transport."""

from django.utils.translation import gettext_lazy

from marketplace.impact.figures.figure import Figure

TRANSPORT = gettext_lazy("The portal's rounds and its ledger of handovers")

CLIMATE = [
    Figure(
        "co2e_kg",
        gettext_lazy("Climate effect, gross"),
        "kg CO2e",
        gettext_lazy(
            "Kilograms × the material's climate factor on the day of the handover, "
            "which stands for producing the same mass of new material, from cradle "
            "to gate: as if every kilogram had replaced a new one, with no "
            "transport."
        ),
        decimals=3,
    ),
    Figure(
        "co2e_net_kg",
        gettext_lazy("Climate effect, net"),
        "kg CO2e",
        gettext_lazy(
            "What is left of the gross effect when only what did replace something "
            "new counts (yes in full, partly as half, no as nothing; where nobody "
            "has answered, as in the municipality's other answers), and the "
            "vehicles' emissions are subtracted."
        ),
        decimals=3,
    ),
    Figure(
        "co2e_net_low_kg",
        gettext_lazy("Climate effect, net, low"),
        "kg CO2e",
        gettext_lazy(
            "The net effect if as little of the unanswered material replaced "
            "something new as the municipality's answers allow (95 per cent "
            "interval)."
        ),
        decimals=3,
    ),
    Figure(
        "co2e_net_high_kg",
        gettext_lazy("Climate effect, net, high"),
        "kg CO2e",
        gettext_lazy(
            "The net effect if as much of the unanswered material replaced something "
            "new as the municipality's answers allow (95 per cent interval)."
        ),
        decimals=3,
    ),
    Figure(
        "transport_co2e_kg",
        gettext_lazy("Emissions of the transport"),
        "kg CO2e",
        gettext_lazy(
            "Kilometres of the municipalities' rounds × the vehicle's emissions per "
            "kilometre. The portal does not know how far people drive to collect "
            "things themselves, so that is not included."
        ),
        decimals=3,
        source=TRANSPORT,
    ),
    Figure(
        "transport_km",
        gettext_lazy("Driven by the rounds"),
        "km",
        gettext_lazy("Kilometres of the rounds, shared among what each vehicle has delivered."),
        decimals=3,
        source=TRANSPORT,
    ),
]
