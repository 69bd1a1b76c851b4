"""Sums that are kept by month say what the rows of the ledger say, whatever happens to either."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.impact import figures
from marketplace.impact.figures.periods import Period
from marketplace.impact.sums.models import MonthSum, SumsMark
from marketplace.impact.sums.services import compare_sums, count_ledger, forget_sums
from marketplace.organisations.models import Organisation
from tests.factories import CategoryFactory, CompanyFactory, ListingFactory, SchoolFactory

pytestmark = pytest.mark.django_db

DAYS = [
    date(2024, 1, 31),
    date(2024, 2, 1),
    date(2024, 2, 29),
    date(2024, 12, 2),
    date(2024, 12, 31),
]
acts = st.lists(
    st.one_of(
        st.tuples(
            st.just("hand over"),
            st.sampled_from(DAYS),
            st.integers(0, 1),
            st.sampled_from(["", "yes", "partly", "no"]),
        ),
        st.tuples(st.just("correct"), st.integers(0, 5), st.sampled_from([0, 2])),
        st.tuples(st.just("merge")),
        st.tuples(st.just("become"), st.sampled_from(["company", "school"])),
        st.tuples(st.just("delete")),
        st.tuples(st.just("count")),
        st.tuples(st.just("forget")),
        st.tuples(st.just("compare")),
    ),
    max_size=14,
)
PERIODS = [
    None,
    Period.year(2024),
    Period.spring(2024),
    Period(date(2024, 1, 31), date(2024, 2, 29)),
    Period(date(2024, 2, 2), date(2024, 12, 30)),
    Period(date(2024, 2, 2), date(2024, 2, 20)),
]


def hand_over(listing, receiver, **facts):
    facts = {"quantity": Decimal(1), "mass_kg": Decimal("2.5"), **facts}
    return record_handover(listing=listing, receiver=receiver, facts=HandoverFacts(**facts))


class World:
    def __init__(self):
        top = CategoryFactory()
        self.listings = [
            ListingFactory(category=top, stock__offered=1000),
            ListingFactory(category=CategoryFactory(parent=top), stock__offered=1000),
        ]
        self.receivers = [SchoolFactory(), CompanyFactory()]

    def act(self, name, *with_):
        getattr(self, name.replace(" ", "_"))(*with_)

    def hand_over(self, day, which, answer):
        hand_over(self.listings[which], self.receivers[which], on=day, would_have_bought=answer)

    def correct(self, which, quantity):
        standing = list(Handover.objects.standing().order_by("pk"))
        if standing:
            correct_handover(
                handover=standing[which % len(standing)],
                by=None,
                reason="Wrong",
                quantity=Decimal(quantity),
                mass_kg=Decimal(quantity),
            )

    def merge(self):
        gone, kept = self.receivers
        gone.merged_into = kept
        gone.save()

    def become(self, type):
        self.receivers[0].type = Organisation.Type(type)
        self.receivers[0].save()

    def delete(self):
        """No page lets anybody; somebody at the database's own console may."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM marketplace_handover WHERE id IN (SELECT max(id) FROM"
                " marketplace_handover WHERE reverses_id IS NULL AND replaces_id IS NULL AND id"
                " NOT IN (SELECT reverses_id FROM marketplace_handover WHERE reverses_id IS NOT"
                " NULL))"
            )
        compare_sums()

    def count(self):
        count_ledger()

    def forget(self):
        forget_sums()

    def compare(self):
        compare_sums()


def told(period):
    """All figures that the sums have a part in."""
    rows = figures.handovers(period=period)
    return {
        "totals": figures.totals(rows),
        "overview": figures.overview(rows),
        "climate": figures.climate_by(rows, "month", "category"),
        "places": figures.climate_by_municipality(rows),
    }


def from_rows(period):
    """The same with nothing kept, undone afterwards."""
    with transaction.atomic():
        forget_sums()
        found = told(period)
        transaction.set_rollback(True)
    return found


def test_whatever_happens_figures_are_those_of_the_rows():
    world = World()

    @settings(max_examples=40)
    @given(history=acts)
    def check(history):
        with transaction.atomic():
            for act in history:
                world.act(*act)
            for period in PERIODS:
                assert told(period) == from_rows(period), period
            transaction.set_rollback(True)
        for each in world.receivers:
            each.refresh_from_db()

    check()


def test_rows_that_are_counted_are_not_read_again():
    world = World()
    for day in DAYS:
        world.hand_over(day, 0, "yes")
    assert count_ledger() == len(DAYS)
    late = hand_over(world.listings[0], world.receivers[0], on=DAYS[0])

    assert MonthSum.objects.count() == 3
    assert SumsMark.objects.get().last_row == late.pk - 1
    rows = figures.handovers(period=Period.year(2024))
    assert list(rows.besides_months()) == [late]
    with CaptureQueriesContext(connection) as asked:
        assert figures.amounts(rows)["mass_kg"] == Decimal("2.5") * (len(DAYS) + 1)
    assert len(asked) == 1


def test_the_days_before_and_after_whole_months_count_too():
    world = World()
    for day in DAYS:
        world.hand_over(day, 0, "yes")
    count_ledger()

    from_february = figures.handovers(period=Period(date(2024, 2, 2), date(2024, 12, 30)))

    # The last of February and the second of December; March to November are whole.
    assert figures.amounts(from_february)["mass_kg"] == 5


def test_sums_that_somebody_has_spoilt_are_found_and_rebuilt():
    world = World()
    world.hand_over(DAYS[0], 0, "yes")
    count_ledger()
    assert compare_sums() == "1 right"
    MonthSum.objects.update(mass_kg=999)

    assert compare_sums() == "rebuilt"

    assert figures.amounts(figures.handovers())["mass_kg"] == Decimal("2.5")
    assert compare_sums() == "1 right"
