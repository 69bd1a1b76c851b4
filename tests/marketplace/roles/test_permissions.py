"""Each predicate on roles, for everybody: who may, and all others may not."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.roles import permissions
from marketplace.roles.models import Role, RoleAssignment
from portal.foundation.users.models import User
from tests.factories import MunicipalityFactory, UserFactory, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """Everybody there is, by what they are; those who are gone had a role and an account."""
    here, there = MunicipalityFactory(name="Klippan"), MunicipalityFactory(name="Svalöv")
    people = {role.value: give(UserFactory(), role) for role in Role if not role.is_municipal}
    people |= {
        "coordinator": give(UserFactory(), Role.COORDINATOR, municipalities=[here]),
        "coordinator there": give(UserFactory(), Role.COORDINATOR, municipalities=[there]),
        "half": give(UserFactory(), Role.COORDINATOR),
        "editor here": give(UserFactory(), Role.EDITOR, Role.COORDINATOR, municipalities=[here]),
        "support here": give(UserFactory(), Role.SUPPORT, Role.COORDINATOR, municipalities=[here]),
        "board here": give(
            UserFactory(), Role.STEERING_GROUP, Role.COORDINATOR, municipalities=[here]
        ),
        "gone administrator": give(UserFactory(), Role.ADMINISTRATOR),
        "gone coordinator": give(UserFactory(), Role.COORDINATOR, municipalities=[here]),
        "teacher": UserFactory(),
        "visitor": AnonymousUser(),
    }
    for name, person in people.items():
        if name.startswith("gone"):
            User.objects.filter(pk=person.pk).update(is_active=False)
        if person.pk:
            people[name] = User.objects.get(pk=person.pk)
    return SimpleNamespace(here=here, there=there, people=people)


def those(town, may):
    return {name for name, person in town.people.items() if may(person)}


COORDINATORS = {"coordinator", "coordinator there", "editor here", "support here", "board here"}


@pytest.mark.parametrize(
    ("may", "who"),
    [
        (permissions.can_manage_people, {"administrator", "support"} | COORDINATORS),
        (permissions.can_read_site_history, {"administrator", "editor", "editor here"}),
        (permissions.can_judge_organisations, {"administrator", "editor", "editor here"}),
        (permissions.can_invite_staff, {"administrator"} | COORDINATORS),
    ],
)
def test_who_may(town, may, who):
    assert those(town, may) == who


def test_a_lost_factor_is_taken_away_by_support_but_not_an_administrators(town):
    teacher, administrator = town.people["teacher"], town.people["administrator"]
    helpers = {"administrator", "support", "support here"}

    assert those(town, lambda user: permissions.can_reset_factors(user, teacher)) == helpers
    assert those(town, lambda user: permissions.can_reset_factors(user, administrator)) == set()
    for name in helpers:
        person = town.people[name]
        assert not permissions.can_reset_factors(person, person)


def test_administrators_dismiss_others(town):
    for name in ("editor", "teacher"):
        person = town.people[name]
        assert those(town, lambda user, of=person: permissions.can_dismiss(user, of)) == {
            "administrator"
        }
    assert not permissions.can_dismiss(*[town.people["administrator"]] * 2)


def limits(town, limited):
    """{who: the names they are limited to, or None}"""
    found = {name: limited(person) for name, person in town.people.items()}
    return {
        name: None if places is None else {place.name for place in places}
        for name, places in found.items()
    }


NOBODY = ("half", "gone administrator", "gone coordinator", "teacher", "visitor")
OWN = {"coordinator": {"Klippan"}, "coordinator there": {"Svalöv"}}
OWN |= {name: set() for name in NOBODY}
UNLIMITED = dict.fromkeys(
    ("administrator", "editor", "communicator", "translator", "steering_group", "support")
)


def test_coordinators_are_limited_to_their_own_whatever_else_they_are_but_editors(town):
    assert limits(town, permissions.municipalities_for) == OWN | UNLIMITED | {
        "editor here": None,
        "support here": {"Klippan"},
        "board here": {"Klippan"},
    }


def test_the_steering_group_reads_the_figures_of_all(town):
    assert limits(town, permissions.figure_municipalities) == OWN | UNLIMITED | {
        "editor here": None,
        "support here": {"Klippan"},
        "board here": None,
    }


def test_only_coordinators_and_administrators_coordinate(town):
    expected = OWN | {name: set() for name in UNLIMITED} | {"administrator": {"Klippan", "Svalöv"}}
    expected |= {name: {"Klippan"} for name in ("editor here", "support here", "board here")}

    assert limits(town, permissions.coordinated_by) == expected
    for name, person in town.people.items():
        assert permissions.coordinates(person, town.here.pk) == ("Klippan" in expected[name])


def test_mail_to_a_role_reaches_the_active_who_hold_it_whole(town):
    def names(users):
        pks = [user.pk for user in users]
        assert len(pks) == len(set(pks))
        return {name for name, person in town.people.items() if person.pk in pks}

    assert names(permissions.people_with(Role.COORDINATOR)) == COORDINATORS
    assert names(permissions.people_with(Role.EDITOR, Role.COORDINATOR)) == COORDINATORS | {
        "editor"
    }
    assert names(permissions.people_with(Role.ADMINISTRATOR)) == {"administrator"}
    assert names(permissions.coordinators_of(town.there)) == {"coordinator there"}
    assert names(permissions.coordinators_of(town.here)) == COORDINATORS - {"coordinator there"}


def test_half_a_role_is_known_to_whom_it_waits_for(town):
    halves = {
        name: permissions.half_roles_of(person).count() for name, person in town.people.items()
    }

    assert {name for name, number in halves.items() if number} == {"half"}
    assert halves["half"] == 1


def test_coordinators_know_of_roles_in_their_own_municipality(town):
    everything = set(RoleAssignment.objects.all())
    there = {town.people["coordinator there"].role_assignments.get()}

    def visible(name):
        return set(permissions.visible_assignments(town.people[name]))

    assert visible("support") == visible("administrator") == everything
    assert visible("coordinator there") == there
    assert there.isdisjoint(visible("coordinator"))
    assert visible("coordinator")
    assert visible("editor") == visible("half") == visible("visitor") == set()


@pytest.mark.parametrize(
    ("role", "places", "who"),
    [
        (Role.EDITOR, [], {"administrator"}),
        (Role.EDITOR, ["here"], {"administrator"}),
        (Role.COORDINATOR, [], {"administrator"}),
        (Role.COORDINATOR, ["here"], {"administrator"} | COORDINATORS - {"coordinator there"}),
        (Role.COORDINATOR, ["here", "there"], {"administrator"}),
    ],
)
def test_roles_are_given_by_administrators_and_ones_own_by_coordinators(town, role, places, who):
    places = [getattr(town, place) for place in places]

    assert those(town, lambda user: permissions.can_give_role(user, role, places)) == who


def test_a_role_is_taken_by_those_who_may_give_it_but_not_ones_own(town):
    held = town.people["coordinator"].role_assignments.get()

    assert those(town, lambda user: permissions.can_take_role(user, held)) == {
        "administrator",
        "editor here",
        "support here",
        "board here",
    }
    own = town.people["administrator"].role_assignments.get()
    assert not permissions.can_take_role(town.people["administrator"], own)


def test_municipalities_of_another_role_are_not_coordinated(town):
    person = town.people["editor here"]
    person.role_assignments.get(role=Role.EDITOR).municipalities.add(town.there)

    assert list(permissions.coordinated_by(person)) == [town.here]
    assert person not in permissions.coordinators_of(town.there)
    assert person in permissions.coordinators_of(town.here)
