"""A class that sends its idea from the link of its teacher."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from marketplace import services
from marketplace.models import Idea, IdeaInvitation
from tests.factories import MembershipFactory, ReservationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def invitation():
    reservation = ReservationFactory()
    teacher = MembershipFactory(organisation=reservation.organisation).user
    giver = MembershipFactory(organisation=reservation.listing.organisation).user
    reservation = services.accept_reservation(reservation=reservation, by=giver)
    handover = services.confirm_handover(
        reservation=reservation,
        by=teacher,
        quantity=Decimal(2),
        mass_kg=Decimal(1),
        would_have_bought="yes",
    )
    return IdeaInvitation.objects.create(
        handover=handover, expires_at=timezone.now() + timedelta(days=1)
    )


def test_a_class_sends_its_idea(phone, portal, invitation):
    phone.goto(invitation.get_absolute_url())

    phone.get_by_label("Det här har vi gjort").check()
    phone.locator("main input[name=title]").fill("Kulbana i trapphuset")
    phone.locator("main textarea[name=text]").fill("Den går tre våningar ner.")
    phone.get_by_label("Ingens ansikte syns").check()
    phone.locator("main select[name=age_group]").select_option(index=1)
    phone.locator("main input[name=signed]").fill("4B")
    phone.get_by_role("button", name="Skicka").click()

    expect(phone.get_by_text("Din idé är på väg")).to_be_visible()
    assert Idea.objects.get().title == "Kulbana i trapphuset"
