"""A person's e-mail address is one thing, wherever it is changed."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command

from portal.foundation.audit.models import AuditEvent
from portal.site.accounts.addresses import token_for
from tests.factories import SuperuserFactory, UserFactory

pytestmark = pytest.mark.django_db

OLD, NEW = "ada@example.org", "ada.ek@example.org"
PASSWORD = "correct horse battery"


@pytest.fixture
def ada():
    ada = UserFactory(email=OLD, password=PASSWORD)
    EmailAddress.objects.create(user=ada, email=OLD, verified=True, primary=True)
    return ada


@pytest.fixture
def changed(client, ada, django_capture_on_commit_callbacks):
    """A function that changes Ada's address in the admin, and gives the answer."""
    call_command("setup_portal", verbosity=0)
    client.force_login(SuperuserFactory())

    def change(email):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(
                f"/admin/users/edit/{ada.pk}/",
                {"email": email, "first_name": "Ada", "last_name": "Ek", "is_active": "on"},
            )

    return change


def signs_in(client, email):
    client.logout()
    client.post("/konto/login/", {"login": email, "password": PASSWORD})
    return "_auth_user_id" in client.session


def link():
    return re.search(r"/konto/adress/\S+/", mail.outbox[0].body).group()


def test_until_it_is_confirmed_the_old_address_signs_in(client, ada, changed):
    response = changed(NEW)
    ada.refresh_from_db()

    assert response.status_code == 302
    assert ada.last_name == "Ek"
    assert ada.email == OLD
    assert [message.to for message in mail.outbox] == [[NEW]]
    assert not signs_in(client, NEW)
    assert signs_in(client, OLD)


def test_afterwards_the_new_one_does_and_the_old_one_no_longer(
    client, ada, changed, django_capture_on_commit_callbacks
):
    changed(NEW)
    client.logout()
    opened = client.get(link())
    ada.refresh_from_db()
    before = ada.email
    with django_capture_on_commit_callbacks(execute=True):
        client.post(link())
    ada.refresh_from_db()

    assert opened.status_code == 200
    assert (before, ada.email) == (OLD, NEW)
    assert list(EmailAddress.objects.filter(user=ada).values_list("email", flat=True)) == [NEW]
    assert mail.outbox[-1].to == [OLD]
    assert AuditEvent.objects.filter(type="email_changed", target_id=str(ada.pk)).exists()
    assert signs_in(client, NEW)
    assert not signs_in(client, OLD)


def test_a_link_works_once_and_only_as_it_was_written(client, ada, changed):
    changed(NEW)
    first = client.post(link())
    again = client.post(link())
    forged = client.post(f"/konto/adress/{token_for(ada, NEW)[:-3]}abc/")

    assert first.status_code == 302
    assert (again.status_code, forged.status_code) == (410, 410)


def test_nobody_gets_the_address_of_somebody_else(client, ada, changed):
    UserFactory(email="eva@example.org")
    response = changed("eva@example.org")
    token = token_for(ada, "eva@example.org")
    confirmed = client.post(f"/konto/adress/{token}/")
    ada.refresh_from_db()

    assert response.status_code == 200
    assert confirmed.status_code == 410
    assert ada.email == OLD
    assert mail.outbox == []
