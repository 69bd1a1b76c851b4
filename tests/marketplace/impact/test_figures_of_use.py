"""Figures on use, against independent loops over the raw rows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.ideas.models import Idea, IdeaProgress
from marketplace.impact import figures
from marketplace.impact.figures.periods import Period
from marketplace.impact.figures.use import use_by_municipality, use_in_all
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.ratings.models import Rating
from marketplace.impact.usage.models import UserDay
from marketplace.organisations.models import Organisation
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

YEAR = Period.year(2026)


def moment(*parts):
    return timezone.make_aware(datetime(*parts))


# --- People -----------------------------------------------------------------------------------


def test_a_signed_in_person_counts_once_a_day_with_side_and_municipality(client):
    membership = MembershipFactory(organisation=SchoolFactory())
    client.force_login(membership.user)

    client.get("/en/effekt/")
    client.get("/en/effekt/")

    day = UserDay.objects.get()
    assert (day.user, day.side) == (membership.user, "service")
    assert day.municipality == membership.organisation.municipality


def test_a_visitor_leaves_no_trace(client):
    client.get("/en/effekt/")

    assert not UserDay.objects.exists()
    assert "sessionid" not in client.cookies


def test_the_days_go_away_with_the_person(client):
    user = UserFactory()
    client.force_login(user)
    client.get("/en/effekt/")

    user.delete()

    assert not UserDay.objects.exists()


days = st.dates(date(2025, 12, 25), date(2026, 1, 8)) | st.dates(date(2026, 1, 1), date(2027, 1, 1))


def test_active_and_returning_users_are_what_a_simple_computation_gives():
    users = UserFactory.create_batch(4)
    places = MunicipalityFactory.create_batch(2)

    @settings(max_examples=40)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 3), days, st.integers(0, 1), st.sampled_from(UserDay.Side.values)
            ),
            max_size=25,
            unique_by=lambda row: row[:2],
        )
    )
    def check(rows):
        with transaction.atomic():
            UserDay.objects.bulk_create(
                UserDay(user=users[who], day=day, municipality=places[where], side=side)
                for who, day, where, side in rows
            )
            counted = [row for row in rows if row[1].year == 2026 and row[3] != "other"]
            groups = figures.active_users(period=YEAR)
            transaction.set_rollback(True)

        active = {row[0] for row in counted}
        returning = {who for who in active if len([r for r in counted if r[0] == who]) >= 2}
        assert sum(group["active_users"] for group in groups.values()) == len(active)
        assert sum(group["returning_users"] for group in groups.values()) == len(returning)
        for (place, side), group in groups.items():
            last = [max((r for r in counted if r[0] == who), key=lambda r: r[1]) for who in active]
            there = [row for row in last if places[row[2]].pk == place and row[3] == side]
            assert group["active_users"] == len(there)

    check()


# --- Answers, takers, ideas, ratings ----------------------------------------------------------


def ask(hours, *, state=Reservation.State.ACCEPTED, at=None, listing=None):
    at = at or moment(2026, 3, 2, 8)
    answered = at + timedelta(hours=hours)
    return ReservationFactory(
        listing=listing or ListingFactory(),
        state=state,
        created_at=at,
        accepted_quantity=1 if state == "accepted" else None,
        accepted_at=answered if state == "accepted" else None,
        closed_at=answered if state == "declined" else None,
    )


def test_the_response_time_is_the_middle_one_of_yes_and_no():
    ask(1)
    ask(4, state=Reservation.State.DECLINED)
    ask(100)

    assert figures.response(period=YEAR)["response_hours"] == Decimal("4.0")


def test_an_unanswered_request_lowers_the_share_that_was_answered():
    ask(1)
    ask(1, state=Reservation.State.REQUESTED)
    ask(1, state=Reservation.State.EXPIRED)

    assert figures.response(period=YEAR)["answered_percent"] == 33


def test_a_request_on_new_years_eve_belongs_to_the_year_it_was_made_in_stockholm():
    ask(1, at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))

    assert figures.response(period=YEAR)["requests"] == 1
    assert figures.response(period=Period.year(2025))["requests"] == 0


def test_without_requests_there_is_no_response_time_rather_than_zero():
    assert figures.response(period=YEAR) == {
        "requests": 0,
        "answered_percent": None,
        "response_hours": None,
    }


def taken_after(days):
    listing = ListingFactory(first_published_at=moment(2026, 3, 2, 8))
    return record_handover(
        listing=listing,
        receiver=SchoolFactory(),
        facts=HandoverFacts(
            quantity=1, mass_kg=Decimal(1), on=date(2026, 3, 2) + timedelta(days=days)
        ),
    )


def test_listings_that_found_a_taker_and_after_how_long():
    taken_after(3)
    taken_after(10)
    ListingFactory(first_published_at=moment(2026, 3, 2, 8))

    assert figures.takers(period=YEAR) == {
        "listings": 3,
        "taken_percent": 67,
        "taken_days": Decimal("6.5"),
    }


def test_a_reversed_handover_is_no_taker():
    handover = taken_after(3)

    correct_handover(
        handover=handover, by=None, reason="Never collected", quantity=0, mass_kg=Decimal(0)
    )

    assert figures.takers(period=YEAR)["taken_percent"] == 0


def test_ideas_are_counted_as_sent_answered_and_taken_further():
    handover = taken_after(3)
    seen = moment(2026, 4, 1, 9)
    for thanked, further in [(None, None), (seen, None), (None, seen)]:
        idea = Idea.objects.create(
            handover=handover, type="made", title="T", text="T", age_group="f-3", signed="A",
            created_at=seen,
        )  # fmt: skip
        IdeaProgress.objects.create(
            idea=idea, approved_at=seen, thanked_at=thanked, adopted_at=further
        )

    assert figures.ideas(period=YEAR) == {
        "ideas_sent": 3,
        "ideas_answered": 2,
        "ideas_taken_further": 1,
    }


def test_the_rating_is_the_mean_of_the_answers():
    for score in (5, 4, 4):
        school = SchoolFactory()
        Rating.objects.create(
            reservation=ReservationFactory(organisation=school),
            organisation=school,
            municipality=school.municipality,
            score=score,
            created_at=moment(2026, 5, 1, 9),
        )

    result = figures.ratings(period=YEAR)

    assert (result["rating"], result["ratings"]) == (Decimal("4.3"), 3)
    assert result["scores"] == {1: 0, 2: 0, 3: 0, 4: 2, 5: 1}


def test_the_row_of_a_municipality_is_what_it_would_be_alone():
    given = {}
    for scores in ((5, 4), (2,), ()):
        school = SchoolFactory(municipality=MunicipalityFactory())
        given[school.municipality] = len(scores)
        for score in scores:
            Rating.objects.create(
                reservation=ReservationFactory(organisation=school),
                organisation=school,
                municipality=school.municipality,
                score=score,
                created_at=moment(2026, 5, 1, 9),
            )

    rows = use_by_municipality(period=YEAR)

    assert {place: rows[place.pk]["ratings"] for place in given} == given
    for place, row in rows.items():
        assert row == use_in_all(period=YEAR, municipalities=[place])


def test_another_municipality_does_not_show():
    here, elsewhere = MunicipalityFactory.create_batch(2)
    company = CompanyFactory(municipality=elsewhere)
    ask(5, listing=ListingFactory(organisation=company))

    assert figures.response(period=YEAR, municipalities=[here])["requests"] == 0
    assert figures.response(period=YEAR, municipalities=[elsewhere])["requests"] == 1


# --- Purchases --------------------------------------------------------------------------------


def test_bought_stands_against_brokered_in_the_same_term():
    handover = taken_after(3)
    school = Organisation.objects.get(pk=handover.receiver_id)
    PurchaseReport.objects.create(
        organisation=school,
        municipality=school.municipality,
        year=2026,
        term="vt",
        category=CategoryFactory(),
        mass_kg=Decimal(30),
        cost_sek=Decimal(900),
    )

    assert figures.bought_and_brokered(year=2026, term="vt") == {
        school.municipality_id: {
            "bought_kg": Decimal(30),
            "bought_sek": Decimal(900),
            "reports": 1,
            "mass_kg": Decimal(1),
        }
    }
