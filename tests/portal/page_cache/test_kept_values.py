"""Figures that take long are computed once, and never told when they are no longer true."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.impact import figures
from marketplace.impact.figures import Period
from tests.factories import ListingFactory, ReservationFactory, SchoolFactory

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = Period.year(2026)


def hand_over(listing=None):
    return record_handover(
        listing=listing or ListingFactory(stock__offered=10),
        receiver=SchoolFactory(),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(2), on=date(2026, 5, 4)),
    )


def collaborations():
    return figures.totals(figures.handovers(period=YEAR))["collaborations"]


def given_kg():
    givers = figures.sums_and_climate_by(figures.handovers(period=YEAR), "giver")
    return sum(sums["mass_kg"] for sums in givers.values())


def taken():
    return figures.use_in_all(period=YEAR)["taken_percent"]


def requests():
    return figures.use_in_all(period=YEAR)["requests"]


def queries(count):
    with CaptureQueriesContext(connection) as asked:
        count()
    return len(asked)


@pytest.mark.parametrize("count", [collaborations, given_kg, taken])
def test_what_nothing_has_changed_is_not_computed_again(count):
    hand_over()

    first, second = queries(count), queries(count)

    assert second < first


def test_what_changes_is_told_at_once():
    handover = hand_over()
    assert (collaborations(), given_kg(), taken()) == (1, 2, 100)

    hand_over()
    ListingFactory(first_published_at="2026-03-02T08:00Z")
    assert (collaborations(), given_kg(), taken()) == (2, 4, 67)

    correct_handover(handover=handover, by=None, reason="Fel", quantity=0, mass_kg=0)
    assert (collaborations(), given_kg(), taken()) == (1, 2, 33)

    assert requests() == 0
    ReservationFactory(created_at="2026-03-02T08:00Z")
    assert requests() == 1


def test_one_period_is_not_told_as_another():
    hand_over()

    assert collaborations() == 1
    assert figures.totals(figures.handovers(period=Period.year(2025)))["collaborations"] == 0
    assert figures.totals(figures.handovers(municipalities=[]))["collaborations"] == 0


def test_what_was_taken_back_has_not_been_kept():
    hand_over()
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        hand_over()
        assert (collaborations(), given_kg()) == (2, 4)
        raise KeyboardInterrupt

    assert (collaborations(), given_kg()) == (1, 2)
