"""Whom somebody acts for, and what members, administrators and staff may do with organisations."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from wagtail.models import Page, Site

from marketplace.municipalities.models import ParticipationSettings
from marketplace.organisations import permissions
from marketplace.organisations.models import Membership, Organisation
from marketplace.roles.models import Role
from tests.factories import (
    CompanyFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db


def asking(user):
    """A request, with what permissions read of it."""
    return SimpleNamespace(user=user, session={})


def join(user, **fields):
    return MembershipFactory(user=user, organisation=SchoolFactory(**fields)).organisation


def test_one_acts_for_the_organisation_joined_first_until_one_chooses():
    user = UserFactory()
    first, second = join(user, name="Ö"), join(user, name="A")
    request, later = asking(user), asking(user)
    assert permissions.acting_organisation(request) == first

    permissions.act_for(request, second)
    later.session = request.session

    assert permissions.acting_organisation(request) == second
    assert permissions.acting_organisation(later) == second


def test_one_acts_for_nothing_that_one_is_no_active_member_of():
    request = asking(UserFactory())
    MembershipFactory(user=request.user, status=Membership.Status.PENDING)
    request.session[permissions.SESSION_KEY] = CompanyFactory().pk

    assert permissions.acting_organisation(request) is None
    assert permissions.acting_organisation(asking(AnonymousUser())) is None

    own = join(request.user)
    again = asking(request.user)
    again.session = request.session
    assert permissions.acting_organisation(again) == own


def test_material_is_offered_for_one_that_was_not_turned_down():
    user = UserFactory()
    rejected = join(user, approval="rejected")

    assert permissions.giving_organisation(asking(user)) == rejected

    pending, approved = join(user, approval="pending"), join(user)
    assert permissions.giving_organisation(asking(user)) == pending
    chosen = asking(user)
    permissions.act_for(chosen, approved)
    assert permissions.giving_organisation(chosen) == approved


def test_material_is_asked_for_by_one_that_is_approved():
    user = UserFactory()
    join(user, approval="pending")

    assert permissions.approved_organisation(asking(user)) is None

    first, second = join(user), join(user)
    assert permissions.approved_organisation(asking(user)) == first
    chosen = asking(user)
    permissions.act_for(chosen, second)
    assert permissions.approved_organisation(chosen) == second


def people_of(organisation):
    """Somebody of each kind, by what they are."""
    places = [organisation.municipality]
    people = {
        "member": MembershipFactory(organisation=organisation).user,
        "administrator": MembershipFactory(
            organisation=organisation, role=Membership.Role.ADMINISTRATOR
        ).user,
        "waiting": MembershipFactory(
            organisation=organisation,
            role=Membership.Role.ADMINISTRATOR,
            status=Membership.Status.PENDING,
        ).user,
        "colleague elsewhere": MembershipFactory(role=Membership.Role.ADMINISTRATOR).user,
        "editor": give(UserFactory(), Role.EDITOR),
        "coordinator": give(UserFactory(), Role.COORDINATOR, municipalities=places),
        "coordinator elsewhere": give(
            UserFactory(), Role.COORDINATOR, municipalities=[MunicipalityFactory()]
        ),
        "support": give(UserFactory(), Role.SUPPORT),
    }
    return people | {"visitor": AnonymousUser()}


def test_members_administrators_and_those_who_look_after_it():
    organisation = SchoolFactory()
    old = SchoolFactory(merged_into=organisation)
    people = people_of(organisation)

    def those(may, of=organisation):
        return {name for name, person in people.items() if may(person, of)}

    assert those(permissions.is_member) == {"member", "administrator"}
    assert those(permissions.is_member, old) == {"member", "administrator"}
    assert those(permissions.is_administrator) == {"administrator"}
    assert those(permissions.can_look_after) == {"editor", "coordinator"}


@pytest.mark.parametrize(
    ("approval", "who"),
    [
        ("approved", {"member", "administrator", "colleague elsewhere"}),
        ("pending", {"member", "administrator", "colleague elsewhere"}),
        ("rejected", {"colleague elsewhere"}),
    ],
)
def test_members_offer_also_while_they_wait_for_approval(approval, who):
    people = people_of(SchoolFactory(approval=approval))

    assert {name for name, person in people.items() if permissions.can_offer(person)} == who


def test_schools_are_imported_by_editors_and_into_ones_own_municipality():
    organisation = SchoolFactory()
    people = people_of(organisation)
    everywhere = Organisation.objects.values_list("municipality", flat=True).distinct().count() + 1

    numbers = {
        name: permissions.municipalities_to_import(person).count()
        for name, person in people.items()
    }

    assert {name for name, number in numbers.items() if number} == {
        "editor",
        "coordinator",
        "coordinator elsewhere",
    }
    assert numbers["editor"] == everywhere
    (own,) = permissions.municipalities_to_import(people["coordinator"])
    assert own == organisation.municipality
    assert {name for name, person in people.items() if permissions.can_import_schools(person)} == {
        name for name, number in numbers.items() if number
    }


def test_ones_site_is_that_of_the_municipality_one_works_in():
    organisation = SchoolFactory()
    people = people_of(organisation)
    site = Site.objects.create(
        hostname="klippan.example", root_page=Page.objects.get(depth=1), is_default_site=False
    )
    settings = ParticipationSettings.for_site(site)
    settings.municipalities.add(organisation.municipality)
    settings.save()

    at_home = {
        name for name, person in people.items() if person.pk and permissions.home_site(person)
    }

    assert at_home == {"member", "administrator", "coordinator"}
    assert permissions.home_site(people["member"]) == site
