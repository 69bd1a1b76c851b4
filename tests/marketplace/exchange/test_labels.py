import io
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from marketplace.exchange.labels.views import handover_url
from marketplace.exchange.reservations.services import accept_reservation
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
    return accept_reservation(reservation=reservation, by=giver)


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

    form = page.find(id="overlamning").find("form")
    assert form.find("button", string="Bekräfta att det är hämtat")


PDF = "/en/mitt/etiketter/etiketter.pdf"


def sheets(client, query=""):
    return PdfReader(io.BytesIO(client.get(PDF + query).content)).pages


def test_eight_labels_fit_on_an_a4_sheet(client, company, giver):
    for number in range(9):
        promise(company, giver, f"Box {number}")
    client.force_login(giver)

    pages = sheets(client)

    assert len(pages) == 2
    assert [round(float(side) * 25.4 / 72) for side in pages[0].mediabox[2:]] == [210, 297]
    assert pages[0].extract_text().count("Box") == 8


def test_a_printed_label_says_what_it_is_and_where(client, company, giver):
    reservation = promise(company, giver, "Papprör från Łódź")
    listing = reservation.listing
    listing.storage_place, listing.reference = "Hylla 3", "PO-2231"
    listing.save()
    client.force_login(giver)

    text = sheets(client)[0].extract_text()

    for said in (
        "Papprör",
        "Łódź",
        "2 pieces",
        reservation.organisation.name,
        "Hylla 3",
        "PO-2231",
    ):
        assert said in text


def test_a_printed_label_leads_to_the_handover(client, company, giver, rf):
    reservation = promise(company, giver, "Korkmattor")
    client.force_login(giver)

    (link,) = [note.get_object()["/A"]["/URI"] for note in sheets(client)[0]["/Annots"]]

    with override("en"):
        assert link == handover_url(rf.get("/"), reservation)


def test_the_chosen_labels_are_the_ones_printed(client, company, giver):
    promise(company, giver, "Korkmattor")
    chosen = promise(company, giver, "Tygrester")
    client.force_login(giver)
    page = BeautifulSoup(
        client.get(f"/en/mitt/etiketter/?bokning={chosen.pk}").content, "html.parser"
    )

    address = page.select_one("a[href*=pdf]")["href"]
    text = sheets(client, address.removeprefix(PDF))[0].extract_text()

    assert "Tygrester" in text
    assert "Korkmattor" not in text


def test_no_empty_sheet_is_made(client, giver):
    client.force_login(giver)

    assert client.get(PDF).url == "/en/mitt/etiketter/"
