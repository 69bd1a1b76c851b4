"""Two organisations that turn out to be one."""

from decimal import Decimal

import pytest
from django.utils import translation

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import record_handover
from marketplace.exchange.notes.models import Note
from marketplace.exchange.reservations.services import (
    accept_reservation,
    cancel_reservation,
    post_message,
)
from marketplace.exchange.waiting_list.services import join_line, leave_line
from marketplace.ideas.models import Idea
from marketplace.ideas.services import approve_idea, invite_class, receive_idea
from marketplace.impact import figures
from marketplace.impact.collaborations.models import Collaboration
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.ratings.models import Rating
from marketplace.organisations.errors import CannotMerge
from marketplace.organisations.merging.services import (
    DECISIONS,
    merge_effects,
    merge_organisations,
    relations,
)
from marketplace.organisations.models import Organisation
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice():
    """The same school, registered twice; each has received from the same company."""
    schools = SchoolFactory.create_batch(2)
    listing = ListingFactory()
    for school in schools:
        record_handover(
            listing=listing, receiver=school, facts=HandoverFacts(quantity=1, mass_kg=Decimal(3))
        )
    return schools


def test_they_count_as_one_and_no_kilogram_is_lost(twice):
    merge_organisations(organisation=twice[0], into=twice[1])

    total = figures.totals(figures.handovers())
    assert (total["receivers"], total["collaborations"], total["mass_kg"]) == (1, 1, 6)


def test_the_ledger_is_not_touched(twice):
    before = list(Handover.objects.order_by("pk").values())

    merge_organisations(organisation=twice[0], into=twice[1])

    assert list(Handover.objects.order_by("pk").values()) == before


def test_people_listings_and_reservations_move():
    gone, kept = CompanyFactory.create_batch(2)
    user = MembershipFactory(organisation=gone).user
    MembershipFactory(organisation=kept, user=MembershipFactory(organisation=gone).user)
    listing = ListingFactory(organisation=gone)

    merge_organisations(organisation=gone, into=kept)

    assert kept.memberships.count() == 2
    assert Organisation.objects.of_user(user).get() == kept
    assert kept.listings.get() == listing


def test_everybody_comes_along(twice):
    gone, kept = twice
    both = [MembershipFactory(organisation=gone).user for _each in range(3)]
    for user in both[:2]:
        MembershipFactory(organisation=kept, user=user)

    merge_organisations(organisation=gone, into=kept)

    assert set(kept.memberships.values_list("user", flat=True)) == {user.pk for user in both}
    assert not gone.memberships.exists()


def test_what_a_merge_moves_is_said_beforehand_without_what_stays(twice):
    gone = twice[0]
    MembershipFactory.create_batch(2, organisation=gone)

    with translation.override("en"):
        assert merge_effects(gone) == [("memberships", 2)]


def test_chains_are_kept_short(twice):
    third = SchoolFactory()
    merge_organisations(organisation=twice[0], into=twice[1])

    merge_organisations(organisation=twice[1], into=third)

    assert set(third.merged_from.all()) == set(twice)
    assert figures.totals(figures.handovers())["receivers"] == 1


def test_a_company_and_a_school_are_not_the_same(twice):
    with pytest.raises(CannotMerge):
        merge_organisations(organisation=twice[0], into=CompanyFactory())


def test_nobody_is_merged_with_itself(twice):
    with pytest.raises(CannotMerge):
        merge_organisations(organisation=twice[0], into=twice[0])


def test_two_requests_for_the_same_material_stand_in_the_way(twice):
    listing = ListingFactory()
    for school in twice:
        ReservationFactory(listing=listing, organisation=school)

    with pytest.raises(CannotMerge):
        merge_organisations(organisation=twice[0], into=twice[1])


def test_what_each_gave_and_received_is_found_under_the_one_name(twice):
    merge_organisations(organisation=twice[0], into=twice[1])

    assert figures.totals(figures.handovers(receiver=twice[1]))["mass_kg"] == 6


def test_collaborations_move(twice):
    company = CompanyFactory()
    recorded = Collaboration.objects.create(company=company, partner=twice[0], type="project")

    merge_organisations(organisation=twice[0], into=twice[1])

    recorded.refresh_from_db()
    assert recorded.partner == twice[1]


@pytest.fixture
def teacher_and_idea(twice):
    """A teacher of the first school, and an idea of its pupils that nobody has read."""
    teacher = MembershipFactory(organisation=twice[0], role="administrator").user
    handover = Handover.objects.get(receiver=twice[0])
    idea = Idea(
        handover=handover,
        type=Idea.Type.MADE,
        title="Kulbanan",
        text="Vi byggde en kulbana.",
        age_group=Idea.AgeGroup.F_3,
        signed="2B",
    )
    receive_idea(invitation=invite_class(handover=handover, by=teacher), idea=idea, images=[])
    return teacher, idea


def test_the_teacher_still_decides_about_the_pupils_ideas(client, twice, teacher_and_idea):
    teacher, idea = teacher_and_idea
    merge_organisations(organisation=twice[0], into=twice[1])
    client.force_login(teacher)

    client.post(f"/ideer/{idea.pk}/gor/", {"action": "approve"})

    assert "Kulbanan" in client.get("/mitt/ideer/").content.decode()
    assert Idea.objects.approved().get() == idea


def test_a_merged_company_still_gets_the_ideas_and_answers(client, twice, teacher_and_idea):
    teacher, idea = teacher_and_idea
    old, new = idea.handover.giver, CompanyFactory()
    seller = MembershipFactory(organisation=old).user
    merge_organisations(organisation=old, into=new)
    approve_idea(idea=Idea.objects.get(), by=teacher)
    client.force_login(seller)

    client.post(f"/ideer/{idea.pk}/gor/", {"action": "thank"})

    assert "Kulbanan" in client.get("/mitt/ideer/").content.decode()
    assert list(seller.notifications.values_list("type", flat=True)) == ["idea_received"]
    idea.progress.refresh_from_db()
    assert idea.progress.thanked_at


def test_every_foreign_key_to_an_organisation_has_a_decision():
    assert {label for label, _model, _field in relations()} == set(DECISIONS)


def test_what_people_have_said_and_reported_moves_along():
    gone, kept = SchoolFactory.create_batch(2)
    reservation = ReservationFactory(organisation=gone)
    by = MembershipFactory(organisation=gone).user
    post_message(reservation=reservation, by=by, text="Hello")
    rows = [
        Rating.objects.create(
            reservation=reservation, organisation=gone, municipality=gone.municipality, score=4
        ),
        Note.objects.create(
            reservation=reservation, organisation=gone, author=by, type="thanks", text="Thanks"
        ),
        purchases_of(gone, year=2025),
        reservation.messages.get(),
    ]

    merge_organisations(organisation=gone, into=kept)

    for row in rows:
        row.refresh_from_db()
        assert row.organisation == kept, row


def purchases_of(school, *, year):
    return PurchaseReport.objects.create(
        organisation=school,
        municipality=school.municipality,
        year=year,
        term="vt",
        category=PurchaseReport.objects.first().category
        if PurchaseReport.objects.exists()
        else CategoryFactory(),
        mass_kg=1,
        cost_sek=1,
    )


def test_what_both_have_reported_for_the_same_term_is_not_lost():
    gone, kept = SchoolFactory.create_batch(2)
    for school in (gone, kept):
        purchases_of(school, year=2025)
    later = purchases_of(gone, year=2026)

    merge_organisations(organisation=gone, into=kept)

    later.refresh_from_db()
    assert later.organisation == kept
    both = PurchaseReport.objects.filter(year=2025).order_by("pk")
    assert [each.organisation for each in both] == [gone, kept]


def test_somebody_who_belongs_to_both_keeps_the_stronger_place():
    gone, kept = CompanyFactory.create_batch(2)
    user = MembershipFactory(organisation=gone, role="administrator").user
    MembershipFactory(organisation=kept, user=user, role="member")

    merge_organisations(organisation=gone, into=kept)

    assert kept.memberships.get(user=user).role == "administrator"


def test_what_stands_in_the_way_is_said():
    listing = ListingFactory(stock__offered=10)
    gone, kept = SchoolFactory.create_batch(2)
    for school in (gone, kept):
        ReservationFactory(organisation=school, listing=listing, requested_quantity=1)

    with translation.override("en"), pytest.raises(CannotMerge, match="same material"):
        merge_organisations(organisation=gone, into=kept)


def test_one_that_has_been_merged_before_is_not_merged_again(twice):
    third = SchoolFactory()
    merge_organisations(organisation=twice[0], into=twice[1])

    for organisation, into in ((twice[0], third), (third, twice[0])):
        with translation.override("en"), pytest.raises(CannotMerge, match="merged before"):
            merge_organisations(organisation=organisation, into=into)


@pytest.mark.parametrize("gives", ["gone", "kept"])
def test_nobody_gives_to_itself_by_merging(gives):
    both = {name: CompanyFactory() for name in ("gone", "kept")}
    asks = next(each for name, each in both.items() if name != gives)
    request = ReservationFactory(listing__organisation=both[gives], organisation=asks)

    with translation.override("en"), pytest.raises(CannotMerge, match="asked the other"):
        merge_organisations(organisation=both["gone"], into=both["kept"])

    cancel_reservation(reservation=request, by=UserFactory())
    merge_organisations(organisation=both["gone"], into=both["kept"])


def test_who_stands_in_a_line_leaves_it_first(twice):
    listing = ListingFactory(stock__offered=1)
    taken = ReservationFactory(listing=listing, requested_quantity=1)
    accept_reservation(reservation=taken, by=UserFactory())
    place = join_line(listing=listing, organisation=twice[0], by=UserFactory(), quantity=Decimal(1))

    with translation.override("en"), pytest.raises(CannotMerge, match="waiting list"):
        merge_organisations(organisation=twice[0], into=twice[1])

    leave_line(place=place, by=place.created_by)
    merge_organisations(organisation=twice[0], into=twice[1])


@pytest.mark.parametrize(
    ("gone", "kept", "stronger"),
    [
        (("administrator", "pending"), ("member", "active"), ("member", "active")),
        (("administrator", "active"), ("member", "pending"), ("administrator", "active")),
        (("member", "active"), ("administrator", "active"), ("administrator", "active")),
    ],
)
def test_a_place_that_waits_never_weighs_more_than_one_that_counts(gone, kept, stronger):
    one, other = CompanyFactory.create_batch(2)
    user = UserFactory()
    for organisation, (role, status) in ((one, gone), (other, kept)):
        MembershipFactory(organisation=organisation, user=user, role=role, status=status)

    merge_organisations(organisation=one, into=other)

    found = user.memberships.get()
    assert (found.organisation, (found.role, found.status)) == (other, stronger)
