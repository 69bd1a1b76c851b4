"""The page with people and roles: inviting, half roles, lost phones, leaving."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client

from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinated_by
from portal.foundation.audit.models import AuditEvent
from portal.foundation.users.models import User
from tests.factories import MunicipalityFactory, SuperuserFactory, UserFactory, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

PEOPLE = "/admin/personer/"


@pytest.fixture
def here():
    return MunicipalityFactory(name="Klippan")


@pytest.fixture
def elsewhere():
    return MunicipalityFactory(name="Svalöv")


@pytest.fixture
def administrator(client):
    user = SuperuserFactory(language="en")
    client.force_login(user)
    return user


@pytest.fixture
def coordinator(client, here):
    user = give(UserFactory(), Role.COORDINATOR, municipalities=[here])
    client.force_login(user)
    return user


@pytest.fixture
def client(client, django_capture_on_commit_callbacks):
    """A browser whose mail leaves at once."""
    post = client.post

    def post_and_commit(*args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return post(*args, **kwargs)

    client.post = post_and_commit
    return client


def invite(client, **values):
    return client.post(
        PEOPLE, {"email": "new@example.org", "first_name": "Nya", "last_name": "Nilsson"} | values
    )


def held(email):
    return list(User.objects.get(email=email).role_assignments.values_list("role", flat=True))


def test_inviting_is_an_address_and_a_role(client, administrator):
    response = invite(client, role="editor")

    assert response.status_code == 302
    assert held("new@example.org") == ["editor"]
    user = User.objects.get(email="new@example.org")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified is False
    assert mail.outbox[0].to == ["new@example.org"]
    assert "/admin/" in mail.outbox[0].body
    assert "rollen Redaktör" in mail.outbox[0].body


def test_who_is_invited_signs_in_with_a_code_and_comes_to_the_desk(client, administrator):
    invite(client, role="editor")
    client.logout()

    client.post("/konto/login/code/", {"email": "new@example.org"})
    code = re.search(r"^[A-Z0-9]{4}-?[A-Z0-9]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]
    response = client.post("/konto/login/code/confirm/", {"code": code})

    assert response.status_code == 302
    assert client.get("/admin/").status_code == 200
    assert EmailAddress.objects.get(email="new@example.org").verified


def test_somebody_with_an_account_keeps_it(client, administrator):
    user = UserFactory(email="old@example.org")

    invite(client, email="Old@example.org", role="communicator")

    assert held("old@example.org") == ["communicator"]
    assert User.objects.filter(email__iexact="old@example.org").get() == user


def test_a_coordinator_needs_a_municipality_and_what_was_typed_stays(client, administrator):
    response = invite(client, role="coordinator")

    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.find("input", {"name": "email"})["value"] == "new@example.org"
    assert "municipalities" in response.context["form"].errors
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_coordinator_invites_a_colleague_to_their_own_municipality(client, coordinator, here):
    invite(client, role="coordinator", municipalities=[here.pk])

    assert list(coordinated_by(User.objects.get(email="new@example.org"))) == [here]


@pytest.mark.parametrize("role", ["administrator", "editor", "coordinator"])
def test_a_coordinator_gives_nothing_beyond_it(client, coordinator, elsewhere, role):
    invite(client, role=role, municipalities=[elsewhere.pk])

    assert not User.objects.filter(email="new@example.org").exists()


def test_a_coordinator_sees_people_of_their_own_municipality_only(
    client, coordinator, here, elsewhere
):
    near = give(UserFactory(first_name="Nära"), Role.COORDINATOR, municipalities=[here])
    far = give(UserFactory(first_name="Fjärran"), Role.COORDINATOR, municipalities=[elsewhere])

    page = client.get(PEOPLE).content.decode()

    assert "Nära" in page
    assert "Fjärran" not in page
    assert client.get(f"{PEOPLE}{near.pk}/").status_code == 200
    assert client.get(f"{PEOPLE}{far.pk}/").status_code == 404


def test_half_a_role_says_so_to_both_sides(client, administrator):
    half = give(UserFactory(), Role.COORDINATOR)
    soup = BeautifulSoup(client.get(PEOPLE).content, "html.parser")
    assert soup.select_one("td .w-status")

    client.force_login(half)
    response = client.get("/admin/", follow=True)

    assert response.status_code == 403
    assert response.context["half"] is True


def test_without_a_role_the_admin_says_that_it_is_closed(client):
    client.force_login(UserFactory())

    response = client.get("/admin/", follow=True)

    assert response.status_code == 403
    assert response.context["half"] is False


def lose_phone(user):
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})


def test_a_lost_phone_is_reset_with_a_reason_and_a_mail(client, administrator):
    user, other = give(UserFactory(), Role.EDITOR), give(UserFactory(), Role.EDITOR)
    lose_phone(user)
    lose_phone(other)
    theirs, others = Client(), Client()
    for window, each in ((theirs, user), (others, other)):
        window.force_login(each)
        assert window.get("/mitt/").status_code == 200
    client.post(f"{PEOPLE}{user.pk}/faktor/", {"checked": ""})
    assert Authenticator.objects.filter(user=user).exists()

    client.post(f"{PEOPLE}{user.pk}/faktor/", {"checked": "called"})

    assert Authenticator.objects.get().user == other
    assert theirs.get("/mitt/").status_code == 302
    assert others.get("/mitt/").status_code == 200
    event = AuditEvent.objects.get(type="factor_removed")
    assert (event.actor, event.target_id) == (administrator.pk, str(user.pk))
    assert event.detail["checked"] == "called"
    assert mail.outbox[-1].to == [user.email]


def test_support_resets_phones_but_never_an_administrators(client):
    boss = SuperuserFactory()
    editor = give(UserFactory(), Role.EDITOR)
    for user in (boss, editor):
        lose_phone(user)
    client.force_login(give(UserFactory(), Role.SUPPORT))

    for user in (boss, editor):
        client.post(f"{PEOPLE}{user.pk}/faktor/", {"checked": "met"})

    assert [each.user for each in Authenticator.objects.all()] == [boss]


def test_leaving_takes_all_roles_and_passes_on_the_municipality(client, administrator, here):
    leaving = give(UserFactory(), Role.COORDINATOR, Role.EDITOR, municipalities=[here])
    successor = give(UserFactory(), Role.EDITOR)

    client.post(f"{PEOPLE}{leaving.pk}/avsluta/", {"successor": successor.pk})

    assert not leaving.role_assignments.exists()
    assert not leaving.groups.exists()
    assert list(coordinated_by(User.objects.get(pk=successor.pk))) == [here]


def test_nobody_takes_their_own_role(client, administrator):
    other = SuperuserFactory()
    own = administrator.role_assignments.get()

    client.post(f"{PEOPLE}roll/{own.pk}/ta/")
    client.post(f"{PEOPLE}roll/{other.role_assignments.get().pk}/ta/")

    assert administrator.role_assignments.exists()
    assert not other.role_assignments.exists()


def test_wagtails_form_for_a_user_gives_no_rights(client, administrator):
    user = UserFactory(first_name="Kim", last_name="Larsson")
    group = give(UserFactory(), Role.EDITOR).groups.get()

    response = client.post(
        f"/admin/users/edit/{user.pk}/",
        {
            "email": user.email,
            "first_name": "Kim",
            "last_name": "Svensson",
            "is_active": "on",
            "is_superuser": "on",
            "groups": [group.pk],
        },
    )

    assert response.status_code == 302
    user = User.objects.get(pk=user.pk)
    assert user.last_name == "Svensson"
    assert not user.is_superuser
    assert not user.groups.exists()


def test_who_is_invited_at_another_address_of_theirs_keeps_their_account(client, administrator):
    known = UserFactory(email="kim@example.org")
    EmailAddress.objects.create(user=known, email="Kim@skola.example", verified=True)
    EmailAddress.objects.create(user=UserFactory(), email="new@example.org", verified=False)

    invite(client, role="editor", email="kim@skola.example")
    invite(client, role="editor")

    assert held("kim@example.org") == ["editor"]
    assert held("new@example.org") == ["editor"]
    assert not User.objects.filter(email="kim@skola.example").exists()


def test_who_leaves_the_staff_is_signed_out_everywhere(client, administrator, here):
    leaving = give(UserFactory(), Role.EDITOR)
    elsewhere = Client()
    elsewhere.force_login(leaving)
    key = elsewhere.session.session_key
    UserSession.objects.create(user=leaving, session_key=key, ip="127.0.0.1", user_agent="")
    assert elsewhere.get("/en/mitt/").status_code == 200

    client.post(f"{PEOPLE}{leaving.pk}/avsluta/", {})

    assert elsewhere.get("/en/mitt/").status_code == 302
    assert not leaving.role_assignments.exists()
