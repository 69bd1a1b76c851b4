"""Signing in with a password, beside the code that most people use."""

import pytest
from allauth.account.models import EmailAddress

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    user = UserFactory(email="ada@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


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
