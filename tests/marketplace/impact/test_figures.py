"""Every figure against an independent, simple computation over the raw rows of random histories."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.impact import figures
from marketplace.impact.figures.periods import Period
from marketplace.impact.sums.services import compare_sums, count_ledger, forget_sums
from marketplace.municipalities.models import MunicipalityGoal
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MunicipalityFactory,
    SchoolFactory,
    StockFactory,
)

pytestmark = pytest.mark.django_db

EDGES = [
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 2, 29),
    date(2024, 6, 30),
    date(2024, 7, 1),
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2025, 2, 28),
]
days = st.sampled_from(EDGES) | st.dates(date(2023, 1, 1), date(2025, 12, 31))
kilos = st.decimals("0.001", "400", places=3)
events = st.lists(
    st.tuples(
        days,
        st.integers(0, 2),  # listing
        st.integers(0, 2),  # receiver
        kilos,
        st.sampled_from(["yes", "partly", "no", ""]),
        st.none() | st.just(0) | kilos,  # corrected to
        st.none() | st.integers(0, 2),  # the municipality that the receiver has moved to before
        st.sampled_from([None, None, count_ledger, compare_sums, forget_sums]),  # what comes after
    ),
    max_size=12,
)
periods = st.one_of(
    st.none(),
    st.sampled_from([Period.year(2024), Period.spring(2024), Period.autumn(2024)]),
    st.tuples(days, days).map(lambda two: Period(min(two), max(two))),
)


class World:
    """Three municipalities, with givers and receivers of both kinds: companies and schools."""

    def __init__(self):
        self.municipalities = MunicipalityFactory.create_batch(3)
        self.top = CategoryFactory()
        categories = [self.top, CategoryFactory(parent=self.top), CategoryFactory()]
        self.schools = [
            receiver(municipality=municipality)
            for receiver, municipality in zip(
                (SchoolFactory, SchoolFactory, CompanyFactory), self.municipalities, strict=True
            )
        ]
        self.listings = [
            ListingFactory(
                organisation=giver(municipality=municipality),
                category=category,
                stock=None,
            )
            for giver, municipality, category in zip(
                (CompanyFactory, CompanyFactory, SchoolFactory),
                self.municipalities,
                categories,
                strict=True,
            )
        ]
        for listing, unit in zip(self.listings, ["st", "kg", "st"], strict=True):
            StockFactory(listing=listing, offered=10**6, unit=unit)

    def play(self, history):
        for school in self.schools:
            school.refresh_from_db()
        for day, listing, school, mass_kg, answer, corrected_to, moved_to, after in history:
            school = self.schools[school]
            if moved_to is not None:
                school.municipality = self.municipalities[moved_to]
                school.save()
            handover = record_handover(
                listing=self.listings[listing],
                receiver=school,
                facts=HandoverFacts(
                    quantity=Decimal(2), mass_kg=mass_kg, would_have_bought=answer, on=day
                ),
            )
            if corrected_to is not None:
                correct_handover(
                    handover=handover,
                    by=None,
                    reason="Wrong",
                    quantity=Decimal(3) if corrected_to else Decimal(0),
                    mass_kg=Decimal(corrected_to),
                )
            if after:
                after()


class Simple:
    """The same figures the simplest way: loops over the rows that nobody has taken back."""

    def __init__(self, period, merged=()):
        self.merged = dict(merged)
        rows = list(Handover.objects.order_by("pk"))
        taken_back = {row.reverses_id for row in rows}
        standing = [row for row in rows if not row.reverses_id and row.pk not in taken_back]
        self.history = [r for r in standing if period is None or r.handed_over_on <= period.end]
        self.rows = [r for r in self.history if not period or r.handed_over_on >= period.start]
        self.period = period

    def who(self, pk):
        return self.merged.get(pk, pk)

    def amounts(self, rows):
        return {
            "mass_kg": sum((r.mass_kg for r in rows), Decimal(0)),
            "co2e_kg": sum((r.co2e_kg for r in rows), Decimal(0)),
            "value_sek": sum((r.value_sek for r in rows), Decimal(0)),
            "purchase_avoided_sek": sum((r.purchase_avoided_sek for r in rows), Decimal(0)),
            "handovers": len(rows),
            "pieces": sum((r.quantity for r in rows if r.unit == "st"), Decimal(0)),
            "from_company_kg": self.kilos(rows, "giver", company=True),
            "from_service_kg": self.kilos(rows, "giver", company=False),
            "to_company_kg": self.kilos(rows, "receiver", company=True),
            "to_service_kg": self.kilos(rows, "receiver", company=False),
        }

    def kilos(self, rows, side, *, company):
        return sum((r.mass_kg for r in rows if getattr(r, side).is_company == company), Decimal(0))

    def kinds(self, side):
        found = {getattr(r, side) for r in self.rows}
        companies = {self.who(each.pk) for each in found if each.is_company}
        services = {self.who(each.pk) for each in found if not each.is_company}
        return {f"{side}s_company": len(companies), f"{side}s_service": len(services)}

    def pairs(self):
        return {(self.who(r.giver_id), self.who(r.receiver_id)) for r in self.rows}

    def of_pair(self, pair):
        return [r for r in self.history if (self.who(r.giver_id), self.who(r.receiver_id)) == pair]

    def is_new(self, pair):
        first = min(r.handed_over_on for r in self.of_pair(pair))
        return self.period is None or first >= self.period.start

    def is_lasting(self, pair):
        rows = self.of_pair(pair)
        terms = {(r.handed_over_on.year, r.handed_over_on.month > 6) for r in rows}
        return len(rows) >= 3 or len(terms) >= 2

    def parties(self):
        givers = {self.who(r.giver_id) for r in self.rows}
        receivers = {self.who(r.receiver_id) for r in self.rows}
        pairs = self.pairs()
        return {
            "organisations": len(givers | receivers),
            "givers": len(givers),
            "receivers": len(receivers),
            **self.kinds("giver"),
            **self.kinds("receiver"),
            "collaborations": len(pairs),
            "new_collaborations": len([pair for pair in pairs if self.is_new(pair)]),
            "lasting_collaborations": len([pair for pair in pairs if self.is_lasting(pair)]),
        }


def for_any_history(test):
    """Run `test(world, period)` for random histories, each in a transaction that is undone."""

    def run():
        world = World()

        @settings(max_examples=30)
        @given(history=events, period=periods)
        def check(history, period):
            with transaction.atomic():
                world.play(history)
                test(world, period)
                transaction.set_rollback(True)

        check()

    run.__name__ = test.__name__
    return run


@for_any_history
def test_totals_are_what_a_simple_computation_gives(world, period):
    simple = Simple(period)

    assert figures.totals(figures.handovers(period=period)) == (
        simple.amounts(simple.rows) | simple.parties()
    )


@for_any_history
def test_municipalities_add_up_to_the_total(world, period):
    rows = figures.handovers(period=period)
    groups = figures.by_municipality(rows).values()

    total = figures.totals(rows)

    assert {key: sum(group[key] for group in groups) for key in total} == total


@for_any_history
def test_a_handover_counts_where_the_receiver_belonged_on_that_day(world, period):
    simple = Simple(period)
    groups = figures.by_municipality(figures.handovers(period=period))

    for place in world.municipalities:
        rows = [r for r in simple.rows if r.receiver_municipality_id == place.pk]
        expected = simple.amounts(rows)
        assert {key: groups.get(place.pk, {}).get(key, 0) for key in expected} == expected


@for_any_history
def test_one_municipality_alone_has_the_figures_it_has_among_all(world, period):
    place = world.municipalities[0]
    alone = figures.totals(figures.handovers(period=period, municipalities=[place]))

    among_all = figures.by_municipality(figures.handovers(period=period)).get(place.pk)

    assert alone == (among_all or dict.fromkeys(alone, 0))


@for_any_history
def test_top_categories_add_up_to_the_total(world, period):
    groups = figures.by_category(figures.handovers(period=period))
    simple = Simple(period)

    assert sum(group["mass_kg"] for group in groups.values()) == sum(
        row.mass_kg for row in simple.rows
    )
    assert set(groups) <= {world.top.pk, world.listings[2].category_id}


@for_any_history
def test_months_add_up_to_the_total_and_have_no_gaps(world, period):
    period = period or Period(date(2023, 1, 1), date(2025, 12, 31))
    months = figures.by_month(figures.handovers(period=period))
    expected = defaultdict(Decimal)
    for row in Simple(period).rows:
        expected[row.handed_over_on.replace(day=1)] += row.mass_kg

    assert {month: sums["mass_kg"] for month, sums in months if sums["mass_kg"]} == expected
    assert [month for month, _sums in months] == period.months


@for_any_history
def test_merged_organisations_count_as_one(world, period):
    gone, kept = world.schools[0], world.schools[1]
    gone.merged_into = kept
    gone.save()
    simple = Simple(period, merged={gone.pk: kept.pk})

    total = figures.totals(figures.handovers(period=period))

    assert total == simple.amounts(simple.rows) | simple.parties()


@for_any_history
def test_the_overview_is_made_of_the_same_sums(world, period):
    rows = figures.handovers(period=period)

    assert figures.overview(rows) == {
        "totals": figures.totals(rows),
        "municipalities": figures.by_municipality(rows),
        "categories": figures.by_category(rows),
        "months": figures.by_month(rows),
    }


def test_new_years_eve_is_over_when_it_is_over_in_stockholm():
    world = World()

    with time_machine.travel("2026-01-01 00:30+01:00"):
        record_handover(
            listing=world.listings[0],
            receiver=world.schools[0],
            facts=HandoverFacts(quantity=1, mass_kg=Decimal(5)),
        )

    old, new = Period.year(2025), Period.year(2026)
    assert figures.totals(figures.handovers(period=old))["mass_kg"] == 0
    assert figures.totals(figures.handovers(period=new))["mass_kg"] == 5


def test_the_leap_day_belongs_to_the_spring_term():
    world = World()
    record_handover(
        listing=world.listings[0],
        receiver=world.schools[0],
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(5), on=date(2024, 2, 29)),
    )

    spring, autumn = Period.spring(2024), Period.autumn(2024)
    assert figures.totals(figures.handovers(period=spring))["handovers"] == 1
    assert figures.totals(figures.handovers(period=autumn))["handovers"] == 0


def test_three_times_in_a_term_or_twice_in_different_ones_is_lasting():
    world = World()
    rare, often, later = world.schools[0], SchoolFactory(), SchoolFactory()
    days = [date(2024, 1, 9), date(2024, 3, 9), date(2024, 6, 30), date(2024, 7, 1)]
    took = [(rare, days[:2]), (often, days[:3]), (later, days[2:])]
    for school, on in ((school, on) for school, of in took for on in of):
        record_handover(
            listing=world.listings[0],
            receiver=school,
            facts=HandoverFacts(quantity=1, mass_kg=Decimal(5), on=on),
        )

    totals = figures.totals(figures.handovers(period=Period.year(2024)))

    assert (totals["collaborations"], totals["lasting_collaborations"]) == (3, 2)


def test_a_correction_shows_in_every_figure_at_once():
    world = World()
    handover = record_handover(
        listing=world.listings[0],
        receiver=world.schools[0],
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(5), would_have_bought="yes"),
    )

    correct_handover(
        handover=handover, by=None, reason="Never collected", quantity=0, mass_kg=Decimal(0)
    )

    assert set(figures.totals(figures.handovers()).values()) == {0}


def test_without_a_goal_there_is_none():
    municipality = MunicipalityFactory()

    assert figures.goals(Period.year(2026)) == {municipality.pk: None}


def test_what_is_reached_is_a_hundred_percent_and_never_more():
    assert figures.percent_of_goal(50, 200) == 25
    assert figures.percent_of_goal(1817, 100) == 100
    assert figures.percent_of_goal(1817, None) is None


def test_a_goal_of_several_is_there_when_each_has_one():
    assert figures.goal_together([100, 50]) == 150
    assert figures.goal_together([100, None]) is None


def test_half_a_year_has_half_of_the_years_goal():
    municipality = MunicipalityFactory()
    MunicipalityGoal.objects.create(municipality=municipality, year=2024, kg=366)

    assert figures.goals(Period.spring(2024)) == {municipality.pk: 31 + 29 + 31 + 30 + 31 + 30}


def test_the_goal_of_several_years_is_the_sum_of_theirs():
    municipality = MunicipalityFactory()
    MunicipalityGoal.objects.create(municipality=municipality, year=2025, kg=250)
    period = Period(date(2025, 1, 1), date(2026, 12, 31))
    assert figures.goals(period) == {municipality.pk: None}

    MunicipalityGoal.objects.create(municipality=municipality, year=2026, kg=100)

    assert figures.goals(period) == {municipality.pk: 350}


def test_the_number_of_queries_does_not_grow_with_the_ledger(django_assert_num_queries):
    world = World()
    for day in EDGES:
        world.play(
            [
                (day, 0, 0, Decimal(1), "yes", None, 1, None),
                (day, 1, 2, Decimal(1), "", 0, None, None),
            ]
        )
    rows = figures.handovers(period=Period.year(2024))

    with django_assert_num_queries(8):
        figures.totals(rows)
        figures.by_municipality(rows)
        figures.by_month(rows)
        figures.by_category(rows, top=False)


def test_the_version_changes_when_a_figure_can_have_changed():
    world = World()
    before = figures.version()

    world.play([(date(2024, 5, 1), 0, 0, Decimal(1), "yes", None, None, None)])

    assert figures.version() != before
