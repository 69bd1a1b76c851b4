"""Somebody leaves: what names them goes, what belongs to others stays, and who is left is told."""

import pytest
from django.core import mail

from marketplace.exchange.listing_questions.services import ask_about
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.listings.models import MaterialListing
from marketplace.notifications.models import Notification
from marketplace.organisations.membership.models import Invitation
from marketplace.organisations.membership.services import ask_to_join
from marketplace.organisations.models import Membership
from marketplace.organisations.places.models import Place
from marketplace.wanted.models import WantedAd
from portal.foundation.privacy.personal_data import erase
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db

ADA = {"contact_name": "Ada Ek", "contact_email": "Ada@example.org", "contact_phone": "042-1"}
BO = {"contact_name": "Bo Ek", "contact_email": "bo@example.org", "contact_phone": "042-2"}
NOBODY = dict.fromkeys(ADA, "")


@pytest.fixture
def company():
    return CompanyFactory()


@pytest.fixture
def ada(company):
    """The only administrator of a company."""
    user = UserFactory(first_name="Ada", last_name="Ek", email="ada@example.org")
    MembershipFactory(user=user, organisation=company, role="administrator")
    return user


def contact(thing):
    """Who is to be asked, by the row as it is now."""
    thing.refresh_from_db()
    return {name: getattr(thing, name) for name in ADA}


def contact_in(version):
    version.refresh_from_db()
    return {name: version.content[name] for name in ADA}


# --- What names somebody --------------------------------------------------------------------------


def test_contacts_of_others_stay(ada, company):
    MembershipFactory(organisation=company)
    mine, theirs = (
        [
            ListingFactory(organisation=company, **who),
            CompanyFactory(**who),
            Place.objects.create(organisation=company, address="Kajgatan 4", **who),
        ]
        for who in (ADA, BO)
    )

    erase(ada)

    assert [contact(each) for each in mine] == [NOBODY] * 3
    assert [contact(each) for each in theirs] == [BO] * 3


def test_older_versions_forget_who_left_and_keep_others(ada, company):
    MembershipFactory(organisation=company)
    handed_over = ListingFactory(organisation=company, **ADA)
    before = handed_over.save_revision()
    MaterialListing.objects.filter(pk=handed_over.pk).update(**BO)
    of_others = ListingFactory(organisation=company, **BO).save_revision()

    erase(ada)

    assert contact_in(before) == NOBODY
    assert contact(handed_over) == contact_in(of_others) == BO


def test_invitations_of_others_stay(ada):
    for email in ("ada@example.org", "bo@example.org"):
        Invitation.objects.create(organisation=CompanyFactory(), email=email)

    erase(ada)

    assert Invitation.objects.get().email == "bo@example.org"


@pytest.mark.parametrize("written", ["cia@example.org", "Cia@Example.org"])
def test_administrators_forget_the_address_of_who_asked_to_join_and_left(ada, company, written):
    cia = UserFactory(email=written)
    bo = UserFactory(email="bo@example.org")
    for person in (cia, bo):
        ask_to_join(organisation=company, by=person)
    assert ada.notifications.filter(type="member_to_approve").count() == 2

    erase(cia)

    assert ada.notifications.get(type="member_to_approve").context["email"] == bo.email


def test_questions_of_others_stay_with_the_giver(ada, company):
    asking = [MembershipFactory(organisation=SchoolFactory()).user for _each in range(2)]
    listing = ListingFactory(organisation=company)
    _gone, stays = (ask_about(listing=listing, by=each, text="Hur långa?") for each in asking)

    erase(asking[0])

    told = ada.notifications.get(type="listing_question")
    assert told.context["listing_question_id"] == stays.pk


# --- An organisation ------------------------------------------------------------------------------


def test_where_another_administrator_stays_nothing_changes(ada, company):
    colleague = MembershipFactory(organisation=company)
    MembershipFactory(organisation=company, role="administrator")
    listing = ListingFactory(organisation=company)

    erase(ada)

    colleague.refresh_from_db()
    listing.stock.refresh_from_db()
    assert colleague.role == Membership.Role.MEMBER
    assert listing.stock.closed_at is None
    assert not Notification.objects.exists()


def test_a_colleague_who_leaves_takes_no_organisation_along(ada, company):
    colleague = MembershipFactory(organisation=company, role="member").user
    listing = ListingFactory(organisation=company)

    erase(colleague)

    listing.stock.refresh_from_db()
    assert listing.stock.closed_at is None
    assert company.memberships.get().user == ada


def test_nobody_takes_over_with_an_account_that_is_closed(ada, company):
    closed = MembershipFactory(organisation=company, user__is_active=False)
    heir = MembershipFactory(organisation=company)

    erase(ada)

    closed.refresh_from_db()
    heir.refresh_from_db()
    assert (closed.role, heir.role) == (Membership.Role.MEMBER, Membership.Role.ADMINISTRATOR)


def test_without_people_both_what_it_gives_and_what_it_asked_for_is_called_off(ada, company):
    given = ReservationFactory(listing=ListingFactory(organisation=company))
    wanted = ReservationFactory(organisation=company)
    of_others = ReservationFactory()
    giver = MembershipFactory(organisation=wanted.listing.organisation).user
    receiver = MembershipFactory(organisation=given.organisation).user
    for each in (given, wanted, of_others):
        accept_reservation(reservation=each, by=None)
    Notification.objects.all().delete()

    erase(ada)

    states = []
    for each in (given, wanted, of_others):
        each.refresh_from_db()
        states.append(each.state)
    assert states == [Reservation.State.CANCELLED] * 2 + [Reservation.State.ACCEPTED]
    wanted.listing.stock.refresh_from_db()
    assert wanted.listing.stock.reserved == 0
    told = Notification.objects.filter(type="reservation_cancelled")
    assert {each.user for each in told} == {giver, receiver}


def test_without_people_it_looks_for_nothing_and_others_still_do(ada, company):
    mine, theirs = (
        WantedAd.objects.create(title="Rör", organisation=each, category=CategoryFactory())
        for each in (company, SchoolFactory())
    )
    assert set(WantedAd.objects.open()) == {mine, theirs}

    erase(ada)

    assert list(WantedAd.objects.open()) == [theirs]


def test_without_people_others_go_on_giving(ada, company):
    ListingFactory(organisation=company)
    of_others = ListingFactory()

    erase(ada)

    assert list(MaterialListing.objects.available()) == [of_others]


def test_those_who_approve_are_told_and_not_who_left(
    ada, company, django_capture_on_commit_callbacks
):
    coordinator = UserFactory()
    for each in (ada, coordinator):
        give(each, "coordinator", municipalities=[company.municipality])

    with django_capture_on_commit_callbacks(execute=True):
        erase(ada)

    assert Notification.objects.get(type="organisation_left").user == coordinator
    assert [message.to for message in mail.outbox] == [[coordinator.email]]
