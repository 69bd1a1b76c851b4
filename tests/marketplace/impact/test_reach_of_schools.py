"""How many schools and preschools the exchange reaches, beside kilos."""

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone
from wagtail.users.models import UserProfile

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.impact.figures.periods import Period
from marketplace.impact.figures.reach import Reach, reach, term_of
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db
SPRING = Period.spring(2026)


@pytest.fixture
def here():
    return MunicipalityFactory(name="Klippan")


def received(school, on):
    facts = HandoverFacts(quantity=1, mass_kg=Decimal(1), on=on)
    return record_handover(listing=ListingFactory(), receiver=school, facts=facts)


def test_it_is_those_that_have_received_something_in_the_term(here):
    school, other = SchoolFactory(municipality=here), SchoolFactory(municipality=here)
    SchoolFactory(municipality=here, approval="pending")
    CompanyFactory(municipality=here)
    received(school, date(2026, 3, 5))
    received(school, date(2026, 4, 5))
    received(other, date(2025, 11, 5))

    assert reach(SPRING)[here.pk] == Reach(reached=1, all=2)
    assert reach(SPRING)[here.pk].percent == 50


def test_what_was_nothing_after_all_reaches_nobody(here):
    school = SchoolFactory(municipality=here)
    handover = received(school, date(2026, 3, 5))
    assert reach(SPRING)[here.pk].reached == 1

    correct_handover(
        handover=handover, by=None, reason="Never collected", quantity=0, mass_kg=Decimal(0)
    )

    assert reach(SPRING)[here.pk].reached == 0


@pytest.mark.parametrize(
    ("day", "term"),
    [(date(2026, 6, 30), Period.spring(2026)), (date(2026, 7, 1), Period.autumn(2026))],
)
def test_a_year_has_two_terms(day, term):
    assert term_of(day) == term


def test_coordinators_read_it_beside_kilos_and_can_choose_days(client, here):
    call_command("setup_portal", verbosity=0)
    received(SchoolFactory(municipality=here), timezone.localdate())
    SchoolFactory(municipality=here)
    user = give(UserFactory(), "coordinator", municipalities=[here])
    UserProfile.objects.create(user=user, preferred_language="en")
    client.force_login(user)

    soup = BeautifulSoup(client.get("/admin/effekt/").content, "html.parser")

    assert "1 of 2 (50 %)" in soup.get_text()
    assert any("date-time-chooser" in script.get("src", "") for script in soup.select("script"))


def test_everybody_reads_how_many_schools_are_reached_this_term(client, here):
    SchoolFactory(municipality=here)
    received(SchoolFactory(municipality=here), timezone.localdate())

    shown = client.get("/effekt/").content.decode()

    assert "1 av 2 (50 %)" in shown
