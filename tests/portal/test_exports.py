"""What leaves the admin as CSV opens in Excel in the right letters, and never as a formula."""

import pytest
from django.core.management import call_command
from wagtail.users.models import UserProfile

from tests.factories import ListingFactory, ReservationFactory, SuperuserFactory

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("https://evil.example")'


def exported(client, address):
    return b"".join(client.get(f"{address}?export=csv").streaming_content)


@pytest.mark.parametrize(
    "address",
    [
        "/admin/snippets/marketplace/materiallisting/",
        "/admin/snippets/marketplace/organisation/",
        "/admin/marketplace/reservation/",
    ],
)
def test_what_people_write_is_no_formula_in_a_spreadsheet(client, address):
    call_command("setup_portal", verbosity=0)
    listing = ListingFactory(title=FORMULA)
    listing.organisation.name = FORMULA
    listing.organisation.save()
    ReservationFactory(listing=listing)
    client.force_login(SuperuserFactory(), backend="django.contrib.auth.backends.ModelBackend")

    content = exported(client, address)

    assert content.startswith("\ufeff".encode())
    cell = FORMULA.replace('"', '""')
    assert f'"\'{cell}"' in content.decode()
    assert f'"{cell}"' not in content.decode()


def test_an_export_is_in_the_language_of_its_reader(client):
    call_command("setup_portal", verbosity=0)
    ListingFactory()
    reader = SuperuserFactory()
    UserProfile.objects.create(user=reader, preferred_language="en")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")

    content = exported(client, "/admin/snippets/marketplace/materiallisting/").decode()

    assert content.startswith("\ufeffNumber,Title,Organisation,")
