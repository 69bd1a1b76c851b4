"""Every public URL of the exchange, by subject. The words of the paths are fixed."""

from importlib import import_module

app_name = "marketplace"

# The page of a listing comes last: its slug would swallow the words of the others.
SUBJECTS = [
    "exchange.calendar_entries",
    "exchange.follows",
    "exchange.joint_requests",
    "exchange.labels",
    "exchange.listing_questions",
    "exchange.pickups",
    "exchange.reservations",
    "exchange.sharing",
    "exchange.waiting_list",
    "hubs",
    "ideas",
    "impact.collaborations",
    "impact.effect",
    "impact.open_data",
    "impact.purchases",
    "impact.ratings",
    "impact.statements",
    "my_page",
    "notifications",
    "notifications.phones",
    "occasions",
    "offers",
    "offers.clearing",
    "offers.imports",
    "offers.recalls",
    "offers.regular",
    "offers.unplaced",
    "organisations.membership",
    "organisations.places",
    "organisations.registration",
    "safety",
    "transport",
    "wanted",
    "listings",
]

urlpatterns = [
    pattern
    for subject in SUBJECTS
    for pattern in import_module(f"marketplace.{subject}.urls").urlpatterns
]
