"""New factors for old handovers: only on purpose, with a trace, and possible to undo."""

from contextlib import suppress
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.impact import figures
from marketplace.impact.figures.periods import Period
from marketplace.impact.revaluations.errors import (
    AlreadyReverted,
    NothingToRevalue,
    RevertLaterFirst,
)
from marketplace.impact.revaluations.models import Revaluation
from marketplace.impact.revaluations.services import (
    revaluation_difference,
    revalue_handovers,
    revert_revaluation,
)
from tests.factories import (
    CategoryFactory,
    ClimateFactorFactory,
    CompanyFactory,
    ListingFactory,
    MunicipalityFactory,
    SchoolFactory,
    StockFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
YEAR = {"first_day": date(2025, 1, 1), "last_day": date(2025, 12, 31)}


@pytest.fixture
def wood():
    return CategoryFactory(name="Trä", slug="tra")


@pytest.fixture
def hand_over(wood):
    school = SchoolFactory(municipality=MunicipalityFactory())

    def record(*, kg="10", on=date(2025, 3, 5), answer="yes", cost_sek=None, category=wood):
        return record_handover(
            listing=ListingFactory(organisation=CompanyFactory(), category=category),
            receiver=school,
            facts=HandoverFacts(
                quantity=2, mass_kg=Decimal(kg), would_have_bought=answer, cost_sek=cost_sek, on=on
            ),
        )

    return record


def raise_factor(category, *, kgco2e_per_kg="4", sek_per_kg="50", valid_from=date(2024, 1, 1)):
    return ClimateFactorFactory(
        category=category,
        valid_from=valid_from,
        kgco2e_per_kg=Decimal(kgco2e_per_kg),
        sek_per_kg=Decimal(sek_per_kg),
        source="Better source",
        source_year=2026,
    )


def sums():
    total = figures.totals(figures.handovers())
    return {key: total[key] for key in figures.AMOUNTS}


def test_a_new_factor_changes_nothing_before_somebody_recomputes(hand_over, wood):
    hand_over()
    before = sums()

    raise_factor(wood)

    assert sums() == before


def test_the_preview_says_what_would_change_and_changes_nothing(hand_over, wood):
    hand_over(kg="10")
    before = sums()
    raise_factor(wood)

    difference = revaluation_difference(**YEAR)

    assert difference.handovers == 1
    assert difference.before == {"co2e_kg": 25, "value_sek": 400, "purchase_avoided_sek": 400}
    assert difference.after == {"co2e_kg": 40, "value_sek": 500, "purchase_avoided_sek": 500}
    assert sums() == before


def test_recomputing_makes_what_the_preview_said(hand_over, wood):
    hand_over(kg="10")
    raise_factor(wood)
    difference = revaluation_difference(**YEAR)

    revalue_handovers(**YEAR, by=UserFactory(), reason="Better source")

    assert sums() == {
        "mass_kg": 10,
        "co2e_kg": difference.after["co2e_kg"],
        "value_sek": difference.after["value_sek"],
        "purchase_avoided_sek": difference.after["purchase_avoided_sek"],
        "handovers": 1,
        "pieces": 2,
        "from_company_kg": 10,
        "from_service_kg": 0,
        "to_company_kg": 0,
        "to_service_kg": 10,
    }


def test_the_ledger_keeps_every_row_and_says_who_when_and_why(hand_over, wood):
    first = hand_over()
    raise_factor(wood)
    who = UserFactory()

    revaluation = revalue_handovers(**YEAR, by=who, reason="Better source")

    old, reversal, new = Handover.objects.order_by("pk")
    assert (old.pk, old.co2e_kg) == (first.pk, 25)
    assert (reversal.reverses, reversal.co2e_kg) == (old, -25)
    assert (new.replaces, new.co2e_kg, new.factor_source) == (old, 40, "Better source")
    assert {(row.recorded_by, row.reason) for row in (reversal, new)} == {(who, "Better source")}
    assert new.revaluation == revaluation
    assert (revaluation.handovers, revaluation.co2e_change_kg) == (1, 15)


def test_a_handover_stays_on_its_day_and_in_its_municipality(hand_over, wood):
    row = hand_over()
    raise_factor(wood)

    revalue_handovers(**YEAR, by=None, reason="Better source")

    months = dict(figures.by_month(figures.handovers(period=Period.year(2025))))
    assert months[date(2025, 3, 1)]["co2e_kg"] == 40
    places = figures.by_municipality(figures.handovers())
    assert places[row.receiver_municipality_id]["co2e_kg"] == 40


def test_only_the_days_and_the_material_asked_for_are_recomputed(hand_over, wood):
    below = CategoryFactory(parent=wood, factor=None)
    other = CategoryFactory()
    hand_over(category=below)
    hand_over(on=date(2024, 12, 31))
    hand_over(category=other)
    raise_factor(wood)
    raise_factor(other)

    revalue_handovers(**YEAR, category=wood, by=None, reason="Better source")

    assert sums()["co2e_kg"] == 40 + 25 + 25


def test_the_factor_of_the_handovers_own_day_is_used(hand_over, wood):
    hand_over(on=date(2025, 3, 5))
    hand_over(on=date(2025, 9, 5))
    raise_factor(wood, valid_from=date(2025, 7, 1))

    revalue_handovers(**YEAR, by=None, reason="Better source")

    assert sums()["co2e_kg"] == 25 + 40


def test_a_cost_that_the_receiver_stated_is_left_alone(hand_over, wood):
    hand_over(answer="partly", cost_sek=Decimal("90"))
    raise_factor(wood)

    revalue_handovers(**YEAR, by=None, reason="Better source")

    assert sums()["purchase_avoided_sek"] == 45


def test_where_nothing_changes_there_is_nothing_to_log(hand_over):
    hand_over()

    with pytest.raises(NothingToRevalue):
        revalue_handovers(**YEAR, by=None, reason="Better source")

    assert not Revaluation.objects.exists()


def test_what_was_corrected_before_is_not_counted_twice(hand_over, wood):
    row = hand_over(kg="10")
    correct_handover(handover=row, by=None, reason="Wrong", quantity=1, mass_kg=Decimal(6))
    raise_factor(wood)

    revalue_handovers(**YEAR, by=None, reason="Better source")

    assert (sums()["mass_kg"], sums()["co2e_kg"]) == (6, 24)


def test_reverting_gives_the_old_values_back_and_keeps_the_trace(hand_over, wood):
    hand_over()
    hand_over(answer="partly", cost_sek=Decimal("90"))
    before = sums()
    raise_factor(wood)
    revaluation = revalue_handovers(**YEAR, by=None, reason="Better source")
    who = UserFactory()

    revert_revaluation(revaluation=revaluation, by=who, reason="Too early")

    revaluation.refresh_from_db()
    assert sums() == before
    assert (revaluation.reverted_by, revaluation.revert_reason) == (who, "Too early")
    assert Handover.objects.count() == 2 * 5


def test_what_was_corrected_after_a_revaluation_keeps_its_kilograms_when_reverted(hand_over, wood):
    hand_over(kg="10")
    raise_factor(wood)
    revaluation = revalue_handovers(**YEAR, by=None, reason="Better source")
    row = Handover.objects.standing().get()
    correct_handover(handover=row, by=None, reason="Wrong", quantity=1, mass_kg=Decimal(6))
    assert sums()["co2e_kg"] == 24

    revert_revaluation(revaluation=revaluation, by=None, reason="Too early")

    assert (sums()["mass_kg"], sums()["co2e_kg"]) == (6, 15)


def test_a_revaluation_is_reverted_once_and_the_last_one_first(hand_over, wood):
    hand_over()
    before = sums()
    raise_factor(wood)
    first = revalue_handovers(**YEAR, by=None, reason="Better source")
    raise_factor(wood, kgco2e_per_kg="5", valid_from=date(2024, 2, 1))
    second = revalue_handovers(**YEAR, by=None, reason="Still better")

    with pytest.raises(RevertLaterFirst):
        revert_revaluation(revaluation=first, by=None, reason="Too early")
    revert_revaluation(revaluation=second, by=None, reason="Too early")
    with pytest.raises(AlreadyReverted):
        revert_revaluation(revaluation=second, by=None, reason="Too early")
    revert_revaluation(revaluation=first, by=None, reason="Too early")

    assert sums() == before


def test_a_correction_keeps_the_cost_that_the_receiver_stated_in_proportion(hand_over):
    row = hand_over(kg="10", cost_sek=Decimal("90"))

    correct_handover(handover=row, by=None, reason="Only half", quantity=1, mass_kg=Decimal(5))

    assert sums()["purchase_avoided_sek"] == 45


steps = st.lists(
    st.tuples(
        st.sampled_from(["hand over", "correct", "factor", "revalue", "revert"]),
        st.integers(0, 99999),
    ),
    max_size=14,
)


class Told:
    """The same history told simply: kilograms and factor of each handover that stands."""

    def __init__(self):
        self.factor = Decimal("2.5")
        self.rows = {}
        self.undo = []

    @property
    def co2e_kg(self):
        products = (kg * factor for kg, factor in self.rows.values())
        return sum((each.quantize(Decimal("0.001"), ROUND_HALF_UP) for each in products), Decimal())

    def revalue(self, done):
        self.undo.append((done, {key: factor for key, (_kg, factor) in self.rows.items()}))
        self.rows = {key: (kg, self.factor) for key, (kg, _factor) in self.rows.items()}

    def revert(self):
        done, factors = self.undo.pop()
        self.rows = {key: (kg, factors.get(key, factor)) for key, (kg, factor) in self.rows.items()}
        return done


def root(row):
    return root(row.replaces) if row.replaces else row.pk


def test_any_history_of_corrections_and_revaluations_adds_up():
    wood = CategoryFactory()
    school = SchoolFactory()
    listing = ListingFactory(category=wood, stock=None)
    StockFactory(listing=listing, offered=10**6)

    @settings(max_examples=40)
    @given(history=steps)
    def check(history):
        with transaction.atomic():
            play(history)
            transaction.set_rollback(True)

    def play(history):
        told = Told()
        for number, (step, grams) in enumerate(history, start=1):
            kg = Decimal(grams) / 1000
            if step == "hand over":
                row = record_handover(
                    listing=listing,
                    receiver=school,
                    facts=HandoverFacts(quantity=1, mass_kg=kg, on=date(2025, 5, 1)),
                )
                told.rows[row.pk] = (kg, told.factor)
            elif step == "correct" and told.rows:
                row = Handover.objects.standing().order_by("pk")[grams % len(told.rows)]
                correct_handover(
                    handover=row, by=None, reason="Wrong", quantity=1 if grams else 0, mass_kg=kg
                )
                _old, factor = told.rows.pop(root(row))
                if grams:
                    told.rows[root(row)] = (kg, factor)
            elif step == "factor":
                told.factor = kg
                raise_factor(wood, kgco2e_per_kg=str(kg), valid_from=date(2024, 1, number))
            elif step == "revalue":
                with suppress(NothingToRevalue):
                    told.revalue(revalue_handovers(**YEAR, by=None, reason="Better"))
            elif step == "revert" and told.undo:
                revert_revaluation(revaluation=told.revert(), by=None, reason="Back")
            assert sums()["co2e_kg"] == told.co2e_kg
            assert sums()["handovers"] == len(told.rows)

    check()
