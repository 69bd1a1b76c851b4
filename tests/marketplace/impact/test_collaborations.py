"""Collaborations beside the material, recorded by those who have them."""

from datetime import date, timedelta

import pytest

from marketplace.impact import figures
from marketplace.impact.collaborations.models import Collaboration
from marketplace.impact.figures.periods import Period
from tests.factories import (
    CompanyFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/en/mitt/samarbeten/"


@pytest.fixture
def school():
    return SchoolFactory(name="Åskolan", municipality=MunicipalityFactory())


@pytest.fixture
def company():
    return CompanyFactory(name="Snickeriet")


def member_of(client, organisation):
    user = MembershipFactory(organisation=organisation).user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def record(client, whom, **changes):
    data = {"other": whom.pk, "type": "study_visit", "started_on": "2026-03-05", "note": "Tour"}
    return client.post(PAGE, data | changes)


def test_a_teacher_records_a_study_visit(client, school, company):
    teacher = member_of(client, school)

    record(client, company)

    recorded = Collaboration.objects.get()
    assert (recorded.company, recorded.partner) == (company, school)
    assert (recorded.type, recorded.recorded_by) == ("study_visit", teacher)
    assert "Snickeriet" in client.get(PAGE).content.decode()


def test_a_company_records_a_project_with_a_school(client, school, company):
    member_of(client, company)

    record(client, school, type="project")

    recorded = Collaboration.objects.get()
    assert (recorded.company, recorded.partner, recorded.type) == (company, school, "project")


def test_it_counts_on_its_day_where_the_school_was_when_it_was_recorded(client, school, company):
    member_of(client, school)
    record(client, company)
    before = school.municipality
    school.municipality = MunicipalityFactory()
    school.save()

    counted = figures.other_collaborations(period=Period.year(2026))
    other_year = figures.other_collaborations(period=Period.year(2025))

    assert counted == {before.pk: 1}
    assert other_year == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"other": ""},
        {"type": "marriage"},
        {"started_on": (date.today() + timedelta(days=3)).isoformat()},
        {"ended_on": "2026-03-04"},
        {"started_on": ""},
    ],
)
def test_what_makes_no_sense_is_explained(client, school, company, changes):
    member_of(client, school)

    response = record(client, company, **changes)

    assert response.status_code == 200
    assert "field--invalid" in response.content.decode()
    assert not Collaboration.objects.exists()


def test_two_schools_cannot_be_recorded(client, school):
    member_of(client, school)

    record(client, SchoolFactory())

    assert not Collaboration.objects.exists()


def test_what_was_recorded_by_mistake_is_taken_away_by_the_same_person(client, school, company):
    member_of(client, school)
    record(client, company)
    recorded = Collaboration.objects.get()
    address = f"/en/mitt/samarbeten/{recorded.pk}/bort/"
    other = MembershipFactory(organisation=school).user

    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    refused = client.post(address).status_code
    client.force_login(recorded.recorded_by, backend="django.contrib.auth.backends.ModelBackend")
    client.post(address)

    assert refused == 404
    assert not Collaboration.objects.exists()


def test_without_an_approved_organisation_nothing_can_be_recorded(client):
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    without = client.get(PAGE).status_code
    member_of(client, SchoolFactory(approval="pending"))
    waiting = client.get(PAGE).status_code

    assert (without, waiting) == (403, 403)
