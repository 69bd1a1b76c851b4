"""What people may see follows from their roles, and from nothing else."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import Collection

from marketplace.municipalities.models import Municipality
from marketplace.roles.models import Role, RoleAssignment, RoleGroup
from marketplace.roles.permissions import coordinated_by, has_role, municipalities_for
from marketplace.roles.services import LastAdministrator, MunicipalityMissing, give_role, take_role
from portal.foundation.images.models import CustomImage
from tests.factories import (
    CompanyFactory,
    ImageFactory,
    MunicipalityFactory,
    SuperuserFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

BACKEND = "django.contrib.auth.backends.ModelBackend"
ORGANISATIONS = "/admin/snippets/marketplace/organisation/?export=csv"


@pytest.fixture
def here():
    return MunicipalityFactory(name="Klippan")


@pytest.fixture
def companies(here):
    CompanyFactory(name="Nära AB", municipality=here)
    CompanyFactory(name="Fjärran AB", municipality=MunicipalityFactory(name="Svalöv"))


def exported(client, user):
    client.force_login(user, backend=BACKEND)
    response = client.get(ORGANISATIONS)
    return b"".join(response.streaming_content).decode() if response.streaming else ""


def test_a_coordinator_sees_their_own_municipality_whatever_the_groups_are_called(
    client, here, companies
):
    coordinator = give(UserFactory(), Role.COORDINATOR, municipalities=[here])
    for group in Group.objects.all():
        group.name = f"Omdöpt {group.pk}"
        group.save()

    rows = exported(client, coordinator)

    assert "Nära AB" in rows
    assert "Fjärran AB" not in rows


def test_a_group_by_itself_shows_nothing(client, companies):
    user = UserFactory()
    user.groups.add(RoleGroup.objects.get(role=Role.COORDINATOR).group)

    assert municipalities_for(user).count() == 0
    assert "AB" not in exported(client, user)


@pytest.mark.parametrize(("role", "may"), [(Role.TRANSLATOR, False), (Role.COMMUNICATOR, True)])
def test_a_translator_takes_no_picture_of_others_away(client, role, may):
    image = ImageFactory(collection=Collection.get_first_root_node())
    client.force_login(give(UserFactory(), role))

    client.post(f"/admin/images/{image.pk}/delete/")

    assert CustomImage.objects.filter(pk=image.pk).exists() is not may


def test_half_a_role_opens_nothing_until_a_municipality_is_chosen(client, here, companies):
    user = give(UserFactory(), Role.COORDINATOR)
    assert exported(client, user) == ""
    assert not has_role(user, Role.COORDINATOR)

    give_role(user=user, role=Role.COORDINATOR, municipalities=[here])

    assert "Nära AB" in exported(client, user)


def test_a_coordinator_whose_municipality_is_gone_sees_nothing(client, companies):
    elsewhere = MunicipalityFactory()
    user = give(UserFactory(), Role.COORDINATOR, municipalities=[elsewhere])
    assert coordinated_by(user).count() == 1

    elsewhere.delete()

    again = type(user).objects.get(pk=user.pk)
    assert municipalities_for(again).count() == 0
    assert "AB" not in exported(client, again)


def test_whoever_edits_and_coordinates_sees_all_but_coordinates_only_their_own(here):
    user = give(UserFactory(), Role.EDITOR, Role.COORDINATOR, municipalities=[here])
    MunicipalityFactory()

    assert municipalities_for(user) is None
    assert list(coordinated_by(user)) == [here]


def test_a_role_is_taken_back_at_once(client, companies):
    user = give(UserFactory(), Role.EDITOR)
    assert "Nära AB" in exported(client, user)

    take_role(assignment=user.role_assignments.get())

    assert exported(client, type(user).objects.get(pk=user.pk)) == ""
    assert not user.groups.exists()


def test_a_coordinator_is_never_made_without_a_municipality():
    with pytest.raises(MunicipalityMissing):
        give_role(user=UserFactory(), role=Role.COORDINATOR)


def test_an_administrator_is_superuser_and_the_last_one_stays():
    first = SuperuserFactory()
    second = give_role(user=UserFactory(), role=Role.ADMINISTRATOR).user
    assert second.is_superuser

    take_role(assignment=first.role_assignments.get())

    assert not type(first).objects.get(pk=first.pk).is_superuser
    with pytest.raises(LastAdministrator):
        take_role(assignment=second.role_assignments.get())


def test_each_role_says_in_a_sentence_what_it_is_for():
    assert all(str(role.description).endswith(".") for role in Role)


def test_setting_up_again_keeps_the_names_that_administrators_gave_the_groups():
    group = RoleGroup.objects.get(role=Role.EDITOR).group
    group.name = "Redaktionen"
    group.save()

    call_command("setup_portal", verbosity=0)

    assert RoleGroup.objects.get(role=Role.EDITOR).group.name == "Redaktionen"
    assert Municipality.objects.count() == RoleAssignment.objects.count() == 0


def test_a_group_of_the_same_name_gets_nobody_of_the_role():
    namesake = RoleGroup.objects.get(role=Role.EDITOR).group
    RoleGroup.objects.filter(role=Role.EDITOR).delete()
    Group.objects.create(name=f"{namesake.name} 2")

    editor = give_role(user=UserFactory(), role=Role.EDITOR).user

    (group,) = editor.groups.all()
    assert group == RoleGroup.objects.get(role=Role.EDITOR).group
    assert group.name == f"{namesake.name} 3"
