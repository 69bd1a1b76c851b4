"""Texts through a gateway: to a number that was confirmed, about what cannot wait."""

import base64
import json
import re

import pytest

from marketplace.exchange.reservations.services import (
    accept_reservation,
    cancel_reservation,
    post_message,
)
from marketplace.models import PhoneNumber, QuietHours
from marketplace.notifications.phones.delivery import reach_waiting_phones
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)
from tests.marketplace.notifications.gateways import form_of, server

pytestmark = pytest.mark.django_db
NUMBER = "+46701234567"


@pytest.fixture
def gateway(settings):
    with server() as found:
        settings.SMS_GATEWAY_URL = f"{found.url}/sms"
        settings.SMS_GATEWAY_USER, settings.SMS_GATEWAY_PASSWORD = "u1", "hemligt"
        yield found


@pytest.fixture
def reservation():
    listing = ListingFactory(title="Korkmattor")
    MembershipFactory(organisation=listing.organisation)
    return ReservationFactory(listing=listing, organisation=SchoolFactory())


@pytest.fixture
def giver(reservation):
    return reservation.listing.organisation.members.get()


@pytest.fixture
def teacher(reservation):
    teacher = MembershipFactory(organisation=reservation.organisation).user
    PhoneNumber.objects.create(user=teacher, number=NUMBER)
    QuietHours.objects.create(user=teacher, evenings=False, nights=False, weekends=False)
    return teacher


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def call_off(reservation, giver, commits):
    with commits():
        accept_reservation(reservation=reservation, by=giver)
        post_message(reservation=reservation, by=giver, text="Välkommen!")
    with commits():
        cancel_reservation(reservation=reservation, by=giver, reason="Vattenläcka")


def test_only_what_cannot_wait_is_texted(gateway, reservation, giver, teacher, commits):
    call_off(reservation, giver, commits)

    [(path, headers, body)] = gateway.received
    sent = form_of(body)
    assert path == "/sms"
    assert (sent["from"], sent["to"]) == ("Aterbruk", NUMBER)
    assert "Korkmattor" in sent["message"]
    assert re.search(r"http://localhost:8000/mitt/inkorg/\d+/$", sent["message"])
    assert "Vattenläcka" not in sent["message"]
    assert headers["Authorization"] == f"Basic {base64.b64encode(b'u1:hemligt').decode()}"


def test_a_gateway_may_call_things_otherwise_and_want_json(
    gateway, reservation, giver, teacher, commits, settings
):
    settings.SMS_GATEWAY_FORMAT, settings.SMS_GATEWAY_USER = "json", ""
    settings.SMS_GATEWAY_TOKEN = "t0ken"
    settings.SMS_GATEWAY_FIELDS = {"sender": "originator", "to": "recipient", "text": "body"}

    call_off(reservation, giver, commits)

    [(_path, headers, body)] = gateway.received
    assert set(json.loads(body)) == {"originator", "recipient", "body"}
    assert headers["Authorization"] == "Bearer t0ken"


def test_a_text_that_the_gateway_refused_is_sent_later_and_once(
    gateway, reservation, giver, teacher, commits
):
    gateway.status = 500
    call_off(reservation, giver, commits)
    assert len(gateway.received) == 1

    gateway.status = 200
    reach_waiting_phones()
    reach_waiting_phones()

    assert len(gateway.received) == 2


def test_who_has_given_no_number_gets_no_text(gateway, reservation, giver, teacher, commits):
    teacher.phone_number.delete()

    call_off(reservation, giver, commits)

    assert teacher.notifications.filter(type="reservation_cancelled").exists()
    assert gateway.received == []


def test_a_number_is_kept_when_its_code_is_typed(gateway, client):
    person = UserFactory()
    client.force_login(person)

    client.post("/mitt/telefon/nummer/", {"number": "070-123 45 67"})
    sent = form_of(gateway.received[0][2])
    code = re.match(r"\d{6}", sent["message"]).group()
    assert sent["to"] == NUMBER
    assert not PhoneNumber.objects.exists()

    wrong = client.post("/mitt/telefon/kod/", {"code": "x" + code[1:]})
    assert "inte den kod" in wrong.content.decode()
    assert not PhoneNumber.objects.exists()
    client.post("/mitt/telefon/kod/", {"code": f"{code[:3]} {code[3:]}"})
    assert person.phone_number.number == NUMBER

    client.post("/mitt/telefon/nummer/bort/")
    assert not PhoneNumber.objects.exists()


def test_a_code_is_not_guessed(gateway, client):
    client.force_login(UserFactory())
    client.post("/mitt/telefon/nummer/", {"number": NUMBER})
    code = form_of(gateway.received[0][2])["message"][:6]

    for _ in range(5):
        client.post("/mitt/telefon/kod/", {"code": "fel"})
    client.post("/mitt/telefon/kod/", {"code": code})

    assert not PhoneNumber.objects.exists()


def test_nobody_floods_a_number_with_codes(gateway):
    from django.test import Client

    pages = []
    for _ in range(5):
        client = Client()
        client.force_login(UserFactory())
        pages.append(client.post("/mitt/telefon/nummer/", {"number": "0701234567"}))

    assert [page.status_code for page in pages] == [302] * 3 + [200] * 2
    assert len(gateway.received) == 3


@pytest.mark.parametrize("number", ["", "hej", "12", "070", "+46" + "7" * 20])
def test_what_is_no_number_is_said_beside_the_field(gateway, client, number):
    client.force_login(UserFactory())

    page = client.post("/mitt/telefon/nummer/", {"number": number})

    assert page.context["number_form"].errors["number"]
    assert gateway.received == []
