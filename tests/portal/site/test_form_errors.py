"""What is wrong with a form is said where it is looked for: in a summary, and in the title."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import CategoryFactory, MembershipFactory, ReservationFactory, SchoolFactory

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Parts of a form whose page has the summary, or whose answer is another page, which has it.
PARTS = {
    "account/signup_fields.html",
    # Asks by GET: what is wrong is said on the page of the kit.
    "inspiration/lessons/lesson_idea_page.html",
    # The frame of both has it.
    "marketplace/exchange/joint_requests/joint_handover.html",
    "marketplace/exchange/joint_requests/more_fields.html",
    "marketplace/exchange/reservations/reservation_handover.html",
    "marketplace/occasions/booking.html",
    "marketplace/organisations/organisation_search.html",
    "marketplace/safety/before_asking.html",
}


def summary(response):
    """(title, links of the summary) of the page of a form."""
    page = BeautifulSoup(response.content, "html.parser")
    links = page.select("[data-focus] a")
    assert all(page.find(id=link["href"].removeprefix("#")) for link in links)
    return page.title.text, [link.text for link in links]


def test_every_form_has_a_summary_of_its_errors():
    without = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "components/form_field.html" in (text := path.read_text())
        and "components/form_errors.html" not in text
    }

    assert without == PARTS


@pytest.mark.django_db
def test_a_blank_message_says_what_is_missing(client):
    school = SchoolFactory()
    reservation = ReservationFactory(organisation=school)
    client.force_login(MembershipFactory(organisation=school).user)
    page = client.get(reverse("marketplace:reservation", args=[reservation.pk]))
    assert not summary(page)[0].startswith("Fel:")

    refused = client.post(reverse("marketplace:message", args=[reservation.pk]), {})

    title, links = summary(refused)
    assert title.startswith("Fel: ")
    assert links == ["Meddelande"]


@pytest.mark.django_db
def test_a_refused_photo_is_in_the_summary(client):
    file = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")

    refused = client.post(reverse("marketplace:offer"), {"send": "1", "photos": file})

    title, links = summary(refused)
    assert title.startswith("Fel: ")
    assert "Bilder" in links


@pytest.mark.django_db
def test_letters_among_the_amounts_are_in_the_summary(client):
    category = CategoryFactory(name="Papp")
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)

    refused = client.post(
        reverse("marketplace:purchases"), {"save": "1", f"c{category.pk}-mass_kg": "mycket"}
    )

    title, links = summary(refused)
    assert title.startswith("Fel: ")
    assert links == ["Papp, Kilo"]


@pytest.mark.django_db
def test_a_card_without_a_name_is_in_the_summary(client):
    membership = MembershipFactory(organisation=SchoolFactory(), role="administrator")
    client.force_login(membership.user)

    title, links = summary(client.post(reverse("marketplace:hub_cards"), {"name": ""}))

    assert title.startswith("Fel: ")
    assert links == ["Vem har det?"]
