"""Signing in with a password, beside the code that most people use."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    user = UserFactory(email="ada@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def sign_in(client, password):
    return client.post("/en/konto/login/", {"login": "ada@example.org", "password": password})


def test_who_has_a_password_can_sign_in_with_it(client, user):
    response = sign_in(client, "correct horse battery")

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_signs_nobody_in(client, user):
    response = sign_in(client, "wrong")

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_no_password_is_not_enough(client, user):
    assert sign_in(client, "").status_code == 200
    assert "_auth_user_id" not in client.session


# --- The code in the mail -------------------------------------------------------------------------


def codes():
    return [re.search(r"^([A-Z0-9-]{6,9})$", sent.body, re.M).group(1) for sent in mail.outbox]


def confirm(client, code):
    client.post("/en/konto/login/code/confirm/", {"code": code})
    return "_auth_user_id" in client.session


def test_a_mail_that_does_not_come_is_sent_again_with_a_new_code(client, user, commits):
    with commits():
        client.post("/en/konto/login/code/", {"email": "ada@example.org"})
        client.post("/en/konto/login/code/confirm/", {"action": "resend"})
    first, second = codes()

    assert not confirm(client, first)
    assert confirm(client, second)


def test_asking_again_says_the_same_whether_there_is_an_account_or_not(client, user):
    pages = []
    for email in ("ada@example.org", "eva@example.org"):
        client.cookies.clear()
        client.post("/en/konto/login/code/", {"email": email})
        for _again in range(3):
            page = client.post(
                "/en/konto/login/code/confirm/", {"action": "resend"}, follow=True
            ).content.decode()
        pages.append(re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page))

    assert pages[0].replace("ada@", "x@") == pages[1].replace("eva@", "x@")
