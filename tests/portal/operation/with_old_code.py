"""Run with the code of the version before: what people do, on the schema that it finds.

It only uses what both versions have. Everything is taken back at the end.
"""

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

setup_test_environment()

from marketplace.services.handovers import confirm_handover  # noqa: E402
from marketplace.services.reservations import accept_reservation  # noqa: E402

from inspiration.models import HomePage  # noqa: E402
from marketplace.models import Handover, MaterialListing, Reservation  # noqa: E402
from tests.factories import (  # noqa: E402
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

# Somebody may be there already, whose numbers were counted from 0.
COUNTED = (MunicipalityFactory, CategoryFactory, OrganisationFactory, SchoolFactory, UserFactory)
for factory in COUNTED:
    factory.reset_sequence(5000, force=True)


def act() -> str:
    call_command("setup_portal", verbosity=0)
    # The starter's pages of today have blocks that no page of a site of that version has.
    HomePage.objects.update(sections="[]")
    listing = ListingFactory(organisation=CompanyFactory(), title="Tubes of cardboard")
    giver = MembershipFactory(organisation=listing.organisation).user
    reservation = ReservationFactory(listing=listing, organisation=SchoolFactory())
    client = Client()
    client.force_login(giver, backend="django.contrib.auth.backends.ModelBackend")
    accept_reservation(reservation=reservation, by=giver)
    confirm_handover(
        reservation=reservation, by=giver, quantity=1, mass_kg=2, would_have_bought="no"
    )
    for path in ("/", "/sok/?q=tubes", "/material/", "/ideer/", "/effekt/", "/mitt/"):
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, (path, answer.status_code)
    assert MaterialListing.objects.filter(pk=listing.pk).exists()
    assert Reservation.objects.get(pk=reservation.pk).state == "collected"
    assert Handover.objects.get(reservation=reservation).mass_kg == 2
    return "asked, promised, handed over, shown"


with transaction.atomic():
    said = act()
    transaction.set_rollback(True)
print(said)
