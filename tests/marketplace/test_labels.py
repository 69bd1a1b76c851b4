from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.translation import override

from marketplace import services
from marketplace.views.labels import handover_url
from tests.factories import CompanyFactory, ListingFactory, MembershipFactory, ReservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return CompanyFactory()


@pytest.fixture
def giver(company):
    return MembershipFactory(organisation=company).user


def promise(company, giver, title):
    reservation = ReservationFactory(
        listing=ListingFactory(organisation=company, title=title), requested_quantity=Decimal(2)
    )
    return services.accept_reservation(reservation=reservation, by=giver)


def labels(client, query=""):
    with override("en"):
        address = reverse("marketplace:labels")
    page = BeautifulSoup(client.get(address + query).content, "html.parser")
    return [label.get_text(strip=True) for label in page.select(".label__title")]


def test_everything_that_is_promised_gets_a_label(client, company, giver):
    promise(company, giver, "Korkmattor")
    promise(company, giver, "Tygrester")
    ReservationFactory(listing__organisation=company)
    client.force_login(giver)

    assert sorted(labels(client)) == ["Korkmattor", "Tygrester"]


def test_one_label_can_be_printed(client, company, giver):
    promise(company, giver, "Korkmattor")
    chosen = promise(company, giver, "Tygrester")
    client.force_login(giver)

    assert labels(client, f"?bokning={chosen.pk}") == ["Tygrester"]


@pytest.mark.parametrize("query", ["?bokning=x", "?bokning=", "?bokning=" + "9" * 40])
def test_a_nonsense_choice_is_harmless(client, company, giver, query):
    promise(company, giver, "Korkmattor")
    client.force_login(giver)

    assert labels(client, query) == ["Korkmattor"]


def test_labels_of_others_are_not_printed(client, company, giver):
    other = promise(company, giver, "Korkmattor")
    client.force_login(MembershipFactory().user)

    assert labels(client, f"?bokning={other.pk}") == []


def test_the_code_opens_the_form_of_the_handover(client, company, giver, rf):
    reservation = promise(company, giver, "Korkmattor")
    client.force_login(giver)
    address = handover_url(rf.get("/"), reservation).removeprefix("http://testserver")

    page = BeautifulSoup(client.get(address).content, "html.parser")

    assert page.find(id="overlamning").find("details").has_attr("open")
