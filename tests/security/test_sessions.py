"""A session belongs to the person who signed in, and a form comes from the site."""

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.middleware.csrf import get_token
from django.test import Client
from django.utils.timezone import localtime

from tests.factories import UserFactory
from tests.portal.site.test_entrance import ASK, CONFIRM, code_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    user = UserFactory(email="ada@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def code(client, user, django_capture_on_commit_callbacks):
    """A code that has just been asked for in `client`."""
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ASK, {"email": user.email})
    return code_in(mail.outbox[-1])


def test_signing_in_gives_another_session_than_the_one_that_was_there(client, user, code):
    before = client.session.session_key
    planted = Client()
    planted.cookies["sessionid"] = before

    client.post(CONFIRM, {"code": code})

    assert signed_in(client) == str(user.pk)
    assert client.session.session_key != before
    assert planted.get("/mitt/").status_code == 302


def test_signing_out_ends_the_session_and_not_only_the_cookie(client, user, code):
    client.post(CONFIRM, {"code": code})
    kept = Client()
    kept.cookies = client.cookies.copy()
    assert kept.get("/mitt/").status_code == 200

    client.post("/konto/logout/")

    assert kept.get("/mitt/").status_code == 302


def test_three_wrong_codes_and_the_right_one_is_worth_nothing_here(client, user, code):
    for _try in range(3):
        client.post(CONFIRM, {"code": "BBBB-BBBB"})

    client.post(CONFIRM, {"code": code})

    assert not signed_in(client)


def test_who_mistypes_a_code_once_signs_in(client, user, code):
    client.post(CONFIRM, {"code": "BBBB-BBBB"})

    client.post(CONFIRM, {"code": code})

    assert signed_in(client) == str(user.pk)


def test_whoever_is_shut_out_is_out_at_once(client, user, code):
    client.post(CONFIRM, {"code": code})
    assert client.get("/mitt/").status_code == 200

    user.is_active = False
    user.save()

    assert client.get("/mitt/").status_code == 302


def test_a_form_of_another_site_does_nothing(user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)

    assert browser.post("/konto/logout/").status_code == 403
    assert signed_in(browser) == str(user.pk)

    token = get_token(browser.get("/konto/logout/").wsgi_request)
    assert browser.post("/konto/logout/", {"csrfmiddlewaretoken": token}).status_code == 302
    assert not signed_in(browser)


def test_the_site_answers_to_its_own_name_only(client, settings):
    settings.ALLOWED_HOSTS = ["portal.example.org"]

    assert client.get("/konto/login/", headers={"host": "portal.example.org"}).status_code == 200
    assert client.get("/konto/login/", headers={"host": "evil.example"}).status_code == 400
    forwarded = {"host": "portal.example.org", "x-forwarded-host": "evil.example"}
    assert "evil.example" not in client.get("/konto/login/", headers=forwarded).content.decode()


def test_the_list_of_devices_says_when_and_from_where_each_was_used(client, user):
    with time_machine.travel("2027-03-01 10:00+01:00", tick=False) as clock:
        client.force_login(user)

        def device():
            (found,) = UserSession.objects.filter(user=user)
            return localtime(found.last_seen_at).strftime("%H:%M"), found.ip

        client.get("/mitt/")
        assert device() == ("10:00", "127.0.0.1")
        # Not with every page: that would be a write for each.
        clock.shift(60)
        client.get("/mitt/")
        assert device() == ("10:00", "127.0.0.1")
        clock.shift(300)
        client.get("/mitt/")
        assert device() == ("10:06", "127.0.0.1")
        clock.shift(60)
        client.get("/mitt/", REMOTE_ADDR="192.0.2.7")
        assert device() == ("10:07", "192.0.2.7")
