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
            "Kilograms × the material's climate factor on the day of the handover, which "
            "stands for producing the same mass of new material, from cradle to gate: as if "
            "every kilogram had replaced a new one, and nothing had been driven."
        ),
        decimals=3,
    ),
    Figure(
        "co2e_net_kg",
        gettext_lazy("Climate effect, net"),
        "kg CO2e",
        gettext_lazy(
            "What is left of the gross effect when only that counts which did replace "
            "something new (yes in full, partly as half, no as nothing; where nobody has "
            "answered, as in the municipality's other answers), and what the vehicles "
            "emitted is taken off."
        ),
        decimals=3,
    ),
    Figure(
        "co2e_net_low_kg",
        gettext_lazy("Climate effect, net, low"),
        "kg CO2e",
        gettext_lazy(
            "The net effect if of what nobody has answered for as little replaced something "
            "new as the municipality's answers allow (95 percent interval)."
        ),
        decimals=3,
    ),
    Figure(
        "co2e_net_high_kg",
        gettext_lazy("Climate effect, net, high"),
        "kg CO2e",
        gettext_lazy(
            "The net effect if of what nobody has answered for as much replaced something "
            "new as the municipality's answers allow (95 percent interval)."
        ),
        decimals=3,
    ),
    Figure(
        "transport_co2e_kg",
        gettext_lazy("Emissions of the transport"),
        "kg CO2e",
        gettext_lazy(
            "Kilometres of the municipalities' rounds × the vehicle's emissions per kilometre. "
            "What people drive who fetch themselves is not known to the portal, and not in it."
        ),
        decimals=3,
        source=TRANSPORT,
    ),
    Figure(
        "transport_km",
        gettext_lazy("Driven by the rounds"),
        "km",
        gettext_lazy("Kilometres of the rounds, shared among what each vehicle has left."),
        decimals=3,
        source=TRANSPORT,
    ),
]
