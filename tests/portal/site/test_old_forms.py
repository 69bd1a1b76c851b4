"""A form whose page was open for too long: what was written in it is sent again."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from marketplace.exchange.reservations.models import ReservationMessage
from tests.factories import MembershipFactory, ReservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reservation():
    return ReservationFactory()


@pytest.fixture
def strict(reservation):
    """A browser whose forms need their token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(MembershipFactory(organisation=reservation.organisation).user)
    return client


def send(client, reservation, *, origin, **data):
    return client.post(
        f"/mitt/bokningar/{reservation.pk}/meddelande/",
        {"message-text": "Vi kommer klockan tre.", **data},
        headers={"origin": origin},
    )


def test_what_was_written_is_sent_again_with_a_fresh_token(strict, reservation):
    refused = send(strict, reservation, origin="http://testserver", csrfmiddlewaretoken="gammal")
    form = BeautifulSoup(refused.content, "html.parser").find("main").find("form", method="post")
    kept = {each["name"]: each["value"] for each in form.find_all("input")}
    sent = send(strict, reservation, origin="http://testserver", **kept)

    assert refused.status_code == 403
    assert sent.status_code == 302
    assert ReservationMessage.objects.get().text == "Vi kommer klockan tre."


def test_nothing_that_another_site_wrote_is_offered_to_be_sent(strict, reservation):
    refused = send(strict, reservation, origin="https://ond.example")

    assert refused.status_code == 403
    assert "klockan tre" not in refused.content.decode()
