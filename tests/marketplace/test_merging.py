"""Two organisations that turn out to be one."""

from decimal import Decimal

import pytest

from marketplace import figures, ideas, services
from marketplace.errors import CannotMerge
from marketplace.models import Collaboration, Handover, Idea, Organisation
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


def test_what_each_gave_and_received_is_found_under_the_one_name(twice):
    services.merge_organisations(organisation=twice[0], into=twice[1])

    assert figures.totals(figures.handovers(receiver=twice[1]))["mass_kg"] == 6


def test_collaborations_move(twice):
    company = CompanyFactory()
    recorded = Collaboration.objects.create(company=company, partner=twice[0], kind="project")

    services.merge_organisations(organisation=twice[0], into=twice[1])

    recorded.refresh_from_db()
    assert recorded.partner == twice[1]


@pytest.fixture
def teacher_and_idea(twice):
    """A teacher of the first school, and an idea of its pupils that nobody has read."""
    teacher = MembershipFactory(organisation=twice[0], role="administrator").user
    handover = Handover.objects.get(receiver=twice[0])
    idea = Idea(
        handover=handover,
        kind=Idea.Kind.MADE,
        title="Kulbanan",
        text="Vi byggde en kulbana.",
        age_group=Idea.AgeGroup.F_3,
        signed="2B",
    )
    ideas.receive_idea(
        invitation=ideas.invite_class(handover=handover, by=teacher), idea=idea, images=[]
    )
    return teacher, idea


def test_the_teacher_still_decides_about_the_pupils_ideas(client, twice, teacher_and_idea):
    teacher, idea = teacher_and_idea
    services.merge_organisations(organisation=twice[0], into=twice[1])
    client.force_login(teacher)

    client.post(f"/ideer/{idea.pk}/gor/", {"action": "approve"})

    assert "Kulbanan" in client.get("/mitt/ideer/").content.decode()
    assert Idea.objects.approved().get() == idea


def test_a_merged_company_still_gets_the_ideas_and_answers(client, twice, teacher_and_idea):
    teacher, idea = teacher_and_idea
    old, new = idea.handover.giver, CompanyFactory()
    seller = MembershipFactory(organisation=old).user
    services.merge_organisations(organisation=old, into=new)
    ideas.let_through(idea=Idea.objects.get(), by=teacher)
    client.force_login(seller)

    client.post(f"/ideer/{idea.pk}/gor/", {"action": "thank"})

    assert "Kulbanan" in client.get("/mitt/ideer/").content.decode()
    assert list(seller.notifications.values_list("kind", flat=True)) == ["idea_received"]
    idea.progress.refresh_from_db()
    assert idea.progress.thanked_at
