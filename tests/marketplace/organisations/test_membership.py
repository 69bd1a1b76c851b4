"""Who belongs to an organisation: asking, inviting, letting in, and never leaving it alone."""

import pytest
from allauth.account.models import EmailAddress

from marketplace.municipalities.models import EmailDomain
from marketplace.organisations.membership.models import Invitation
from marketplace.organisations.membership.services import (
    ColleagueAlready,
    InvitationForAnother,
    InvitationOver,
    LastAdministrator,
    TooManyInvitations,
    accept_invitation,
    accept_member,
    ask_to_join,
    invite,
    remove_member,
    set_role,
)
from marketplace.organisations.models import Membership
from marketplace.organisations.registration.models import Registration
from marketplace.organisations.registration.services import carry_out_registration
from marketplace.review.errors import WrongState
from tests.factories import (
    CompanyFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
Status = Membership.Status


@pytest.fixture
def boss():
    """An administrator, the only one there; others look after other organisations."""
    MembershipFactory(organisation=CompanyFactory(), role="administrator")
    return MembershipFactory(organisation=CompanyFactory(), role="administrator")


def types(user):
    return list(user.notifications.values_list("type", flat=True))


def with_address(email):
    """Somebody who has confirmed that `email` is theirs."""
    user = UserFactory(email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


# --- Leaving


def leave(membership):
    remove_member(membership=membership, by=membership.user)


def step_down(membership):
    set_role(membership=membership, role="member", by=membership.user)


@pytest.mark.parametrize("go", [leave, step_down])
def test_the_last_administrator_goes_once_a_colleague_is_one(boss, go):
    colleague = MembershipFactory(organisation=boss.organisation)
    MembershipFactory(organisation=boss.organisation, role="administrator", status="pending")
    with pytest.raises(LastAdministrator):
        go(boss)
    assert boss.organisation.memberships.filter(pk=boss.pk, role="administrator").exists()

    set_role(membership=colleague, role="administrator", by=boss.user)
    go(boss)

    assert not boss.organisation.memberships.filter(pk=boss.pk, role="administrator").exists()


def test_a_member_leaves_and_who_waits_takes_it_back_without_being_told(boss):
    member = MembershipFactory(organisation=boss.organisation)
    waiting = MembershipFactory(organisation=boss.organisation, status="pending")

    for membership in (member, waiting):
        leave(membership)

    assert boss.organisation.memberships.get() == boss
    assert types(waiting.user) == []


def test_who_is_not_let_in_is_told_and_who_is_removed_is_not(boss):
    waiting = MembershipFactory(organisation=boss.organisation, status="pending")
    member = MembershipFactory(organisation=boss.organisation)

    for membership in (waiting, member):
        remove_member(membership=membership, by=boss.user)

    assert (types(waiting.user), types(member.user)) == (["member_refused"], [])


# --- Coming in


def test_who_asks_is_let_in_once_and_told(boss):
    user = UserFactory()
    membership = ask_to_join(organisation=boss.organisation, by=user)
    assert (membership.status, types(boss.user)) == (Status.PENDING, ["member_to_approve"])

    accept_member(membership=membership, by=boss.user)

    membership.refresh_from_db()
    assert (membership.status, membership.role) == (Status.ACTIVE, "member")
    assert types(user) == ["member_approved"]
    with pytest.raises(WrongState):
        accept_member(membership=membership, by=boss.user)


def test_an_address_of_the_municipality_opens_no_company():
    here = MunicipalityFactory()
    EmailDomain.objects.create(municipality=here, domain="klippan.example")
    user = with_address("kim@klippan.example")
    school, company = SchoolFactory(municipality=here), CompanyFactory(municipality=here)

    came, asked = (ask_to_join(organisation=each, by=user) for each in (school, company))

    assert (came.status, came.role) == (Status.ACTIVE, "administrator")
    assert (asked.status, asked.role) == (Status.PENDING, "member")


def test_asking_twice_is_asking_once(boss):
    user = UserFactory()

    for _twice in range(2):
        ask_to_join(organisation=boss.organisation, by=user)

    assert user.memberships.get().status == Status.PENDING
    assert types(boss.user) == ["member_to_approve"]


def test_who_has_been_added_by_name_comes_in_by_asking(boss):
    invited = MembershipFactory(organisation=boss.organisation, status="invited")

    ask_to_join(organisation=boss.organisation, by=invited.user)

    invited.refresh_from_db()
    assert (invited.status, types(boss.user)) == (Status.ACTIVE, [])


def test_the_first_who_is_let_in_where_nobody_is_looks_after_it():
    waiting = MembershipFactory(organisation=CompanyFactory(), status="pending")

    accept_member(membership=waiting)

    assert waiting.role == "administrator"


# --- Invitations


def test_an_invitation_lets_in_who_waits_with_the_role_that_it_names(boss):
    user = with_address("kim@example.org")
    ask_to_join(organisation=boss.organisation, by=user)
    invitation = invite(
        organisation=boss.organisation, email="Kim@Example.org", by=boss.user, role="administrator"
    )

    membership = accept_invitation(invitation=invitation, by=user)

    membership.refresh_from_db()
    assert (membership.status, membership.role) == (Status.ACTIVE, "administrator")
    with pytest.raises(InvitationOver):
        accept_invitation(invitation=invitation, by=user)


def test_an_invitation_changes_nothing_for_a_colleague(boss):
    boss.user.emailaddress_set.create(email="other@example.org", verified=True)
    invitation = invite(organisation=boss.organisation, email="other@example.org", by=boss.user)

    membership = accept_invitation(invitation=invitation, by=boss.user)

    assert (membership.pk, membership.role) == (boss.pk, "administrator")
    with pytest.raises(ColleagueAlready):
        invite(organisation=boss.organisation, email=boss.user.email.upper(), by=boss.user)


def test_an_address_that_is_not_confirmed_is_nobodys(boss):
    user = with_address("another@example.org")
    address = EmailAddress.objects.create(user=user, email="kim@example.org", verified=False)
    invitation = invite(organisation=boss.organisation, email="kim@example.org", by=boss.user)

    with pytest.raises(InvitationForAnother):
        accept_invitation(invitation=invitation, by=user)

    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    assert accept_invitation(invitation=invitation, by=user).status == Status.ACTIVE


def test_so_many_are_invited_at_once_and_each_once(boss):
    company = boss.organisation
    for number in range(Invitation.MAX_OPEN - 1):
        Invitation.objects.create(organisation=company, email=f"new{number}@example.org")
    last = invite(organisation=company, email="last@example.org", by=boss.user)
    with pytest.raises(TooManyInvitations):
        invite(organisation=company, email="another@example.org", by=boss.user)

    again = invite(
        organisation=company, email="last@example.org", by=boss.user, role="administrator"
    )

    assert (again.pk, again.role) == (last.pk, "administrator")
    assert company.invitations.count() == Invitation.MAX_OPEN


# --- What was asked for when registering


def test_who_asked_for_nothing_belongs_nowhere():
    user = UserFactory()
    assert carry_out_registration(user=user) is None
    Registration.objects.create(user=user)

    assert carry_out_registration(user=user) is None

    assert not Registration.objects.exists()
    assert not user.memberships.exists()


def test_an_invitation_that_is_over_makes_one_of_those_who_ask(boss):
    user = with_address("kim@example.org")
    invitation = invite(organisation=boss.organisation, email=user.email, by=boss.user)
    Registration.objects.create(user=user, invitation=invitation)
    Invitation.objects.update(expires_at="2020-01-01T00:00:00Z")

    membership = carry_out_registration(user=user)

    assert (membership.organisation, membership.status) == (boss.organisation, Status.PENDING)
