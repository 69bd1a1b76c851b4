"""Labels as they come out of the printer."""

import io

import pytest
from pypdf import PdfReader

from marketplace.exchange.reservations.services import accept_reservation
from tests.factories import CompanyFactory, ListingFactory, MembershipFactory, ReservationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_page_prints_eight_whole_labels_to_a_sheet(phone, sign_in_browser):
    company = CompanyFactory()
    giver = MembershipFactory(organisation=company).user
    for number in range(17):
        listing = ListingFactory(organisation=company, title=f"Box {number}", reference="PO-1")
        accept_reservation(reservation=ReservationFactory(listing=listing), by=giver)
    sign_in_browser(phone, giver)
    phone.goto("/en/mitt/etiketter/")

    printed = PdfReader(io.BytesIO(phone.pdf(prefer_css_page_size=True)))

    assert [page.extract_text().count("Box") for page in printed.pages] == [8, 8, 1]
