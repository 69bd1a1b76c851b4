"""The cards on the admin's first page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone
from wagtail.users.models import UserProfile

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from search.statistics.models import SearchCount
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def groups():
    call_command("setup_portal", verbosity=0)


@pytest.fixture
def here():
    return MunicipalityFactory(name="Klippan", slug="klippan")


def cards(client, group, *coordinates):
    """{title: words} of the cards that a member of `group` sees, in English."""
    user = UserFactory()
    UserProfile.objects.create(user=user, preferred_language="en")
    give(user, group)
    for municipality in coordinates:
        give(user, "coordinator", municipalities=[municipality])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    soup = BeautifulSoup(client.get("/admin/").content, "html.parser")
    return {
        card.h3.get_text(strip=True): card.get_text(" ", strip=True).replace("\xa0", " ")
        for card in soup.select(".portal-card")
    }


def searched(text, without, where=""):
    SearchCount.objects.create(
        day=timezone.localdate(),
        text=text,
        municipality=where,
        searches=without + 1,
        without_result=without,
    )


def test_an_editor_sees_what_waits_and_what_ends_and_kilos_and_searches(client):
    assert list(cards(client, "editor")) == [
        "To review",
        "Ending soon",
        "This month's kilos",
        "Searches without result",
    ]


def test_what_waits_for_review_is_counted_by_kind(client):
    company = CompanyFactory()
    member = MembershipFactory(organisation=company).user
    for _number in range(2):
        listing = ListingFactory(organisation=company, live=False)
        listing.save_revision(user=member)
        listing.get_workflow().start(listing, member)
    SchoolFactory(approval="pending")

    card = cards(client, "editor")["To review"]

    assert card.startswith("To review 3 things wait for you")
    assert "Listings 2" in card
    assert "Organisations 1" in card


def test_listings_that_end_within_a_week_are_named_with_their_last_day(client):
    today = timezone.localdate()
    ListingFactory(title="Korkplattor", available_until=today + timedelta(days=2))
    ListingFactory(title="Papprör", available_until=today + timedelta(days=20))

    card = cards(client, "editor")["Ending soon"]

    assert card.startswith("Ending soon 1 of 2 listings end within a week Korkplattor")
    assert "Papprör" not in card


def test_kilos_are_those_since_the_first_of_the_month(client, here):
    today = timezone.localdate()
    for day, kg in ((today, 7), (today.replace(day=1) - timedelta(days=1), 40)):
        record_handover(
            listing=ListingFactory(),
            receiver=SchoolFactory(municipality=here),
            facts=HandoverFacts(quantity=1, mass_kg=Decimal(kg), on=day),
        )

    card = cards(client, "editor")["This month's kilos"]

    assert card.startswith("This month's kilos 7 kg")
    assert "40 kg" in card


def test_the_words_most_often_looked_for_in_vain_are_named(client):
    searched("piprensare", 5)
    searched("glitter", 9)
    searched("kim larsson", 1)

    card = cards(client, "editor")["Searches without result"]

    assert "15 of 18 searches this month glitter 9 piprensare 5" in card
    assert "kim larsson" not in card


def test_a_coordinator_sees_the_own_municipality_only(client, here):
    elsewhere = MunicipalityFactory(slug="svalov")
    searched("hos oss", 5, where="klippan")
    searched("hos dem", 9, where="svalov")
    SchoolFactory(approval="pending", municipality=elsewhere)

    seen = cards(client, "coordinator", here)

    assert "5 of 6" in seen["Searches without result"]
    assert "hos dem" not in seen["Searches without result"]
    assert seen["To review"].startswith("To review 0")
    assert "Ending soon" not in seen
