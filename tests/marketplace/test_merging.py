"""Two organisations that turn out to be one."""

from decimal import Decimal

import pytest

from marketplace import figures, services
from marketplace.errors import CannotMerge
from marketplace.models import Handover, Organisation
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice():
    """The same school, registered twice; each has received from the same company."""
    schools = SchoolFactory.create_batch(2)
    listing = ListingFactory()
    for school in schools:
        services.record_handover(listing=listing, receiver=school, quantity=1, mass_kg=Decimal(3))
    return schools


def test_they_count_as_one_and_no_kilogram_is_lost(twice):
    services.merge_organisations(organisation=twice[0], into=twice[1])

    total = figures.totals(figures.handovers())
    assert (total["receivers"], total["collaborations"], total["mass_kg"]) == (1, 1, 6)


def test_the_ledger_is_not_touched(twice):
    before = list(Handover.objects.order_by("pk").values())

    services.merge_organisations(organisation=twice[0], into=twice[1])

    assert list(Handover.objects.order_by("pk").values()) == before


def test_people_listings_and_reservations_move():
    gone, kept = CompanyFactory.create_batch(2)
    user = MembershipFactory(organisation=gone).user
    MembershipFactory(organisation=kept, user=MembershipFactory(organisation=gone).user)
    listing = ListingFactory(organisation=gone)

    services.merge_organisations(organisation=gone, into=kept)

    assert kept.memberships.count() == 2
    assert Organisation.objects.of_user(user).get() == kept
    assert kept.listings.get() == listing


def test_chains_are_kept_short(twice):
    third = SchoolFactory()
    services.merge_organisations(organisation=twice[0], into=twice[1])

    services.merge_organisations(organisation=twice[1], into=third)

    assert set(third.merged_from.all()) == set(twice)
    assert figures.totals(figures.handovers())["receivers"] == 1


def test_a_company_and_a_school_are_not_the_same(twice):
    with pytest.raises(CannotMerge):
        services.merge_organisations(organisation=twice[0], into=CompanyFactory())


def test_nobody_is_merged_with_itself(twice):
    with pytest.raises(CannotMerge):
        services.merge_organisations(organisation=twice[0], into=twice[0])


def test_two_requests_for_the_same_material_stand_in_the_way(twice):
    listing = ListingFactory()
    for school in twice:
        ReservationFactory(listing=listing, organisation=school)

    with pytest.raises(CannotMerge):
        services.merge_organisations(organisation=twice[0], into=twice[1])
