"""What assistive technology and browsers are told: languages, and what fields ask for."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.translation import override

from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db


def page_of(client, language, name, *arguments):
    with override(language):
        response = client.get(reverse(f"marketplace:{name}", args=arguments))
    return BeautifulSoup(response.content, "html.parser")


def test_what_people_write_is_read_as_swedish_on_english_pages(client):
    school = SchoolFactory()
    listing = ListingFactory(title="Renskär A3, vitt och färgat")
    reservation = ReservationFactory(listing=listing, organisation=school, purpose="Till slöjden")
    client.force_login(MembershipFactory(organisation=school).user)

    page = page_of(client, "en", "reservation", reservation.pk)
    heading = page_of(client, "en", "reserve", ListingFactory(title="Kork & tyg").pk).h1

    assert page.h1.find(lang="sv").text == listing.title
    assert page.find(string="Till slöjden").find_parent(lang=True)["lang"] == "sv"
    assert heading.text.strip() == "Reserve: Kork & tyg"
    assert heading.find(lang="sv").text == "Kork & tyg"
    assert page_of(client, "sv", "reservation", reservation.pk).h1.find(lang=True) is None


def test_a_browser_may_fill_in_who_offers_and_where(client):
    page = page_of(client, "sv", "offer")
    asked = {field.get("name"): field.get("autocomplete") for field in page.select("main [name]")}

    assert asked["contact_email"] == "email"
    assert asked["contact_phone"] == "tel"
    assert asked["pickup_address"] == "address-line1"
    assert page.find(attrs={"name": "pickup_postcode"})["inputmode"] == "numeric"


def test_each_button_says_which_of_its_kind_it_is(client):
    company = CompanyFactory()
    listing = ListingFactory(title="Spillbitar", organisation=company)
    for name in ("Björkskolan", "Ekskolan"):
        ReservationFactory(listing=listing, organisation=SchoolFactory(name=name))
    client.force_login(MembershipFactory(organisation=company).user)

    page = page_of(client, "sv", "my_page")
    answers = [" ".join(link.text.split()) for link in page.select("a.button--primary")]

    assert "Svara: Spillbitar, Björkskolan" in answers
    assert "Svara: Spillbitar, Ekskolan" in answers


def test_the_menu_of_my_page_has_no_name_of_the_main_menu(client):
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)

    page = page_of(client, "sv", "my_page")
    own, main = (
        {link.text.strip() for link in page.select(f"{menu} a")}
        for menu in (".tags--menu", ".thumb-nav")
    )

    assert "Idéer" in main
    assert not own & main
