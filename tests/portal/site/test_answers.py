"""After a form every answer is a redirect, so that one can go back and reload."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.crypto import get_random_string

from tests.factories import CategoryFactory, CompanyFactory, MembershipFactory

pytestmark = pytest.mark.django_db

OFFER = "/material/erbjud/"
BROWSER = {"Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def seller(client):
    client.force_login(MembershipFactory(organisation=CompanyFactory()).user)
    CategoryFactory()


def send(client, **fields):
    client.get(OFFER)
    return client.post(OFFER, {"title": "Papprör", **fields}, headers=BROWSER)


def test_a_form_that_has_to_be_corrected_is_led_to(client, seller):
    response = send(client)

    assert response.status_code == 303
    assert response["Location"].startswith(f"{OFFER}?svar=")
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert "Papprör" in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


def test_the_page_may_run_the_scripts_that_it_was_made_with(client, seller):
    at_once = client.post(OFFER, {"title": "Papprör"})
    assert "default-src 'self'" in at_once["Content-Security-Policy"]

    page = client.get(send(client)["Location"])

    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == at_once["X-Frame-Options"]


def test_a_script_gets_its_answer_at_once(client, seller):
    assert client.post(OFFER, {"title": "Papprör"}).status_code == 200


def test_the_page_is_shown_to_nobody_else(client, seller):
    address = send(client)["Location"]
    assert 'value="Papprör"' in client.get(address).content.decode()
    stranger = Client()

    assert 'value="Papprör"' not in stranger.get(address).content.decode()


def test_what_is_no_longer_kept_is_the_form_itself(client, seller):
    address = send(client)["Location"]
    cache.clear()

    page = client.get(address)

    assert page.status_code == 200
    assert 'name="title"' in page.content.decode()


def test_who_fails_very_often_gets_the_page_and_nothing_more_is_kept(client, seller, time_machine):
    time_machine.move_to("2026-11-02 10:00:00+00:00", tick=False)
    kept = [send(client) for _time in range(60)]
    assert {each.status_code for each in kept} == {303}
    assert "Papprör" in client.get(kept[0]["Location"]).content.decode()

    over = send(client)

    assert over.status_code == 200
    assert 'aria-invalid="true"' in over.content.decode()


def test_of_a_page_no_more_is_kept_than_a_form_needs(client, seller):
    assert send(client, description="En mening om papprör. " * 200).status_code == 303
    noise = get_random_string(90_000)

    page = send(client, description=noise)

    assert page.status_code == 200
    assert noise in page.content.decode()


def test_the_admin_answers_as_wagtail_does(client, admin_user):
    client.force_login(admin_user)
    page = client.post("/admin/organisationer/skolor/", {}, headers=BROWSER)

    assert page.status_code == 200
