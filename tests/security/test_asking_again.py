"""Sensitive acts ask who one is again; sessions end when they should."""

import re
import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from portal.foundation.users.models import User
from tests.conftest import sign_in_now
from tests.factories import SuperuserFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

PASSWORD = "correct horse battery"


@pytest.fixture
def user():
    user = UserFactory(email="ada@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def admin():
    admin = SuperuserFactory(email="admin@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=admin, email=admin.email, verified=True, primary=True)
    return admin


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def asks(response):
    return response.status_code == 302 and "reauthenticate" in response.url


OWN = ["/mitt/uppgifter/hamta/", "/mitt/uppgifter/bort/"]
ADMIN = [
    "/admin/users/new/",
    "/admin/users/edit/{admin.pk}/",
    "/admin/users/delete/{admin.pk}/",
    "/admin/groups/new/",
    "/admin/users/?export=csv",
    "/admin/personer/i-organisationer/?export=csv",
    "/admin/snippets/inspiration/subscriber/?export=csv",
    "/admin/bulk/portal/user/delete/?id={admin.pk}",
    "/admin/effekt/omrakningar/ny/",
]


@pytest.mark.parametrize("path", OWN)
def test_ones_own_data_and_removal_ask_again_after_a_quarter_of_an_hour(client, user, path):
    sign_in_now(client, user, minutes_ago=14)
    in_time = client.get(path)
    sign_in_now(client, user, minutes_ago=16)

    assert not asks(in_time)
    assert asks(client.get(path))


@pytest.mark.parametrize("path", ADMIN)
def test_sensitive_pages_of_the_admin_ask_again(client, admin, path):
    path = path.format(admin=admin)
    sign_in_now(client, admin, minutes_ago=14)
    in_time = client.get(path)
    sign_in_now(client, admin, minutes_ago=16)

    assert not asks(in_time)
    assert asks(client.get(path))
    assert not asks(client.get("/admin/"))
    assert not asks(client.get("/admin/users/"))


def test_a_new_address_is_asked_for_too(client, user):
    sign_in_now(client, user, minutes_ago=16)

    response = client.post("/konto/email/", {"action_add": "", "email": "new@example.org"})

    assert asks(response)
    assert not EmailAddress.objects.filter(email="new@example.org").exists()


def test_a_code_in_the_mail_answers_and_one_comes_back(
    client, user, django_capture_on_commit_callbacks
):
    user.set_unusable_password()
    user.save()
    sign_in_now(client, user, minutes_ago=16)
    asked = client.get("/mitt/uppgifter/hamta/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(asked.url, {"recipient": user.email, "next": "/mitt/uppgifter/hamta/"})
    code = re.search(r"^([A-Z0-9-]{6,9})$", mail.outbox[0].body, re.M).group(1)

    response = client.post(
        "/konto/reauthenticate/code/confirm/", {"code": code, "next": "/mitt/uppgifter/hamta/"}
    )

    assert response.url == "/mitt/uppgifter/hamta/"
    assert client.get(response.url)["Content-Disposition"].startswith("attachment")


def test_what_was_filled_in_is_sent_once_one_has_answered(client, user):
    sign_in_now(client, user, minutes_ago=16)
    asked = client.post("/mitt/uppgifter/bort/", {"email": user.email})
    before = User.objects.filter(pk=user.pk).exists()

    client.post(asked.url, {"password": PASSWORD, "next": "/mitt/uppgifter/bort/"})

    assert before
    assert not User.objects.filter(pk=user.pk).exists()


def test_who_has_a_second_factor_answers_with_it_and_nothing_weaker(client, user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    sign_in_now(client, user, method="password")

    asked = client.get("/mitt/uppgifter/hamta/")
    by_password = client.post("/konto/reauthenticate/", {"password": PASSWORD})
    still = client.get("/mitt/uppgifter/hamta/")
    client.post("/konto/2fa/reauthenticate/", {"code": code_of(secret)})

    assert "/2fa/reauthenticate/" in asked.url
    assert "/2fa/reauthenticate/" in by_password.url
    assert asks(still)
    assert client.get("/mitt/uppgifter/hamta/").status_code == 200


# --- How long a session lasts ---------------------------------------------------------------------


def test_staff_are_signed_out_after_twelve_hours_however_busy(client, admin):
    start = timezone.now()
    with time_machine.travel(start, tick=True):
        sign_in_now(client, admin)
    with time_machine.travel(start + timezone.timedelta(hours=11, minutes=50), tick=True):
        busy = client.get("/admin/")
    with time_machine.travel(start + timezone.timedelta(hours=12, minutes=10), tick=True):
        late = client.get("/admin/")
        page = client.get(late.url).content.decode()

    assert busy.status_code == 200
    assert late.url == "/konto/login/?next=/admin/"
    assert "_auth_user_id" not in client.session
    assert "Logga in igen." in page


def test_others_stay_signed_in_as_long_as_they_come_back_within_sixty_days(client, user):
    start = timezone.now()
    with time_machine.travel(start, tick=True):
        sign_in_now(client, user)
    with time_machine.travel(start + timezone.timedelta(days=50), tick=True):
        first = client.get("/mitt/uppgifter/")
    with time_machine.travel(start + timezone.timedelta(days=100), tick=True):
        second = client.get("/mitt/uppgifter/")
    with time_machine.travel(start + timezone.timedelta(days=161), tick=True):
        third = client.get("/mitt/uppgifter/")

    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 302)


def elsewhere(user):
    client = Client()
    sign_in_now(client, user)
    UserSession.objects.get_or_create(
        session_key=client.session.session_key,
        defaults={"user": user, "ip": "10.1.2.3", "user_agent": "Firefox"},
    )
    return client


def test_a_new_password_ends_the_other_sessions(client, user):
    other = elsewhere(user)
    sign_in_now(client, user)
    new = get_random_string(20)
    client.post(
        "/konto/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    user.refresh_from_db()
    assert user.check_password(new)
    assert other.get("/mitt/uppgifter/").status_code == 302
    assert client.get("/mitt/uppgifter/").status_code == 200


def test_another_address_ends_the_other_sessions(client, user):
    EmailAddress.objects.create(user=user, email="new@example.org", verified=True)
    other = elsewhere(user)
    sign_in_now(client, user)
    client.post("/konto/email/", {"action_primary": "", "email": "new@example.org"})

    user.refresh_from_db()
    assert user.email == "new@example.org"
    assert other.get("/mitt/uppgifter/").status_code == 302
    assert client.get("/mitt/uppgifter/").status_code == 200


def test_a_new_second_factor_ends_the_other_sessions_and_opens_the_admin(
    client, admin, settings, monkeypatch
):
    settings.ADMIN_REQUIRES_MFA = True
    # Within the request, as where the request is a transaction of its own.
    monkeypatch.setattr("allauth.mfa.totp.internal.flows.transaction.on_commit", lambda do: do())
    other = elsewhere(admin)
    sign_in_now(client, admin)
    client.get("/konto/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    client.post("/konto/2fa/totp/activate/", {"code": code_of(secret)})

    assert other.get("/mitt/uppgifter/").status_code == 302
    assert client.get("/admin/").status_code == 200
