"""Periods: which months are whole in one, and what part of a year it is."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.impact.figures.periods import Period


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        (date(2026, 1, 15), date(2026, 4, 30), (date(2026, 2, 1), date(2026, 4, 1))),
        (date(2026, 1, 1), date(2026, 4, 29), (date(2026, 1, 1), date(2026, 3, 1))),
        (date(2025, 12, 1), date(2026, 1, 31), (date(2025, 12, 1), date(2026, 1, 1))),
        (date(2026, 2, 1), date(2026, 2, 28), (date(2026, 2, 1), date(2026, 2, 1))),
        (date(2028, 2, 1), date(2028, 2, 28), None),
        (date(2026, 1, 2), date(2026, 2, 27), None),
    ],
)
def test_a_month_is_whole_when_its_first_and_last_day_are_inside(start, end, whole):
    assert Period(start, end).whole_months == whole


@pytest.mark.parametrize(
    ("start", "end", "year", "part"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), 2026, Decimal(1)),
        (date(2026, 1, 1), date(2026, 12, 31), 2025, Decimal(0)),
        (date(2026, 1, 1), date(2026, 12, 31), 2027, Decimal(0)),
        (date(2025, 12, 31), date(2026, 1, 1), 2025, Decimal(1) / 365),
        (date(2028, 2, 29), date(2028, 2, 29), 2028, Decimal(1) / 366),
    ],
)
def test_a_period_is_a_part_of_each_year_that_it_touches(start, end, year, part):
    assert Period(start, end).part_of_year(year) == part
