"""Removing people in the admin removes what names them, as when they do it themselves."""

import pytest
from django.core.management import call_command
from post_office.models import Email

from portal.foundation.audit.models import AuditEvent
from portal.foundation.users.models import User
from tests.factories import ListingFactory, MembershipFactory, SuperuserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    call_command("setup_portal", verbosity=0)
    admin = SuperuserFactory()
    client.force_login(admin)
    return admin


@pytest.fixture
def person():
    membership = MembershipFactory(user__first_name="Ada", user__email="ada@example.org")
    ListingFactory(
        organisation=membership.organisation,
        contact_name=membership.user.get_full_name(),
        contact_email="ada@example.org",
    )
    Email.objects.create(from_email="x@example.org", to=["ada@example.org"])
    return membership.user


def assert_erased(person, admin, number):
    listing = person.memberships.model.organisation.field.related_model.objects
    assert listing.exists()
    assert not User.objects.filter(pk=number).exists()
    assert not [each for each in Email.objects.all() if "ada@example.org" in each.to]
    assert AuditEvent.objects.get(type="erased").actor == admin.pk


def test_one_person(client, admin, person):
    number = person.pk
    asked = client.get(f"/admin/users/delete/{number}/")
    client.post(f"/admin/users/delete/{number}/")

    assert asked.status_code == 200
    assert_erased(person, admin, number)


def test_several_people_at_once(client, admin, person):
    number = person.pk
    client.post(f"/admin/bulk/portal/user/delete/?id={number}")

    assert_erased(person, admin, number)


def test_the_last_administrator_stays(client, admin):
    client.post(f"/admin/users/delete/{admin.pk}/")
    client.post(f"/admin/bulk/portal/user/delete/?id={admin.pk}")

    assert User.objects.filter(pk=admin.pk).exists()
