"""The people of organisations as a file: whom it names, for whom, and that it is recorded."""

import csv
import io

import pytest
from django.core.management import call_command

from marketplace.organisations.models import Membership
from portal.foundation.audit.models import AuditEvent
from tests.conftest import sign_in_now
from tests.factories import MembershipFactory, MunicipalityFactory, SchoolFactory, UserFactory, give

pytestmark = pytest.mark.django_db
LIST = "/admin/personer/i-organisationer/"


@pytest.fixture
def school():
    call_command("setup_portal", verbosity=0)
    return SchoolFactory(name="Lyckeskolan")


def exported(client, user):
    """The file as Swedish Excel reads it: semicolons between the columns."""
    sign_in_now(client, user, minutes_ago=1)
    response = client.get(f"{LIST}?export=csv", headers={"accept-language": "sv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_a_coordinator_takes_out_the_people_of_their_own_municipality_and_it_is_recorded(
    client, school
):
    MembershipFactory(
        organisation=school, user__first_name="Åsa", user__last_name="Ek", role="administrator"
    )
    MembershipFactory(organisation=school, status=Membership.Status.PENDING)
    MembershipFactory(organisation=school, user__is_active=False)
    MembershipFactory(organisation=SchoolFactory(municipality=MunicipalityFactory()))
    coordinator = give(UserFactory(), "coordinator", municipalities=[school.municipality])

    rows = exported(client, coordinator)

    assert [(row["Namn"], row["Organisation"], row["Roll"]) for row in rows] == [
        ("Åsa Ek", "Lyckeskolan", "Ansvarig")
    ]
    assert AuditEvent.objects.get(type="exported").actor == coordinator.pk


@pytest.mark.parametrize("role", ["communicator", "steering_group", "translator", "support"])
def test_other_roles_do_not_get_the_list(client, school, role):
    client.force_login(give(UserFactory(), role))

    assert LIST not in client.get("/admin/").content.decode()
    assert client.get(LIST).status_code in (302, 403)
