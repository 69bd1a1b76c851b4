"""Figures of searching, against an independent loop over the raw rows."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.impact.figures.periods import Period
from search.statistics.figures import by_place, together
from search.statistics.models import SearchCount
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db
YEAR = Period.year(2026)

days = st.dates(date(2025, 12, 29), date(2026, 1, 3)) | st.dates(date(2026, 12, 30))
places = st.sampled_from(["bjuv", "klippan", "", "gone"])


@st.composite
def counts(draw):
    searches = draw(st.integers(1, 40))
    clicks = draw(st.integers(0, 5))
    return {
        "day": draw(days),
        "text": draw(st.sampled_from(["", "papp", "tyg"])),
        "municipality": draw(places),
        "searches": searches,
        "without_result": draw(st.integers(0, searches)),
        "clicks": clicks,
        "click_positions": sum(
            draw(st.lists(st.integers(1, 30), min_size=clicks, max_size=clicks))
        ),
    }


def expected(rows):
    searches = without = clicks = positions = 0
    for row in rows:
        searches += row["searches"]
        without += row["without_result"]
        clicks += row["clicks"]
        positions += row["click_positions"]
    return {
        "searches": searches,
        "searches_without_result": without,
        "searches_without_percent": searches and without / searches * 100,
        "search_clicks": clicks,
        "click_position": clicks and positions / clicks,
    }


def assert_same(found, wanted):
    for key, value in wanted.items():
        if key in ("searches_without_percent", "click_position"):
            step = Decimal("0.05") if key == "click_position" else Decimal("0.5")
            whole = "searches" if key == "searches_without_percent" else "search_clicks"
            if not wanted[whole]:
                assert found[key] is None
            else:
                assert abs(found[key] - Decimal(value)) <= step + Decimal("0.000001")
        else:
            assert found[key] == value


def test_figures_of_search_are_what_a_simple_computation_gives():
    pks = {slug: MunicipalityFactory(slug=slug).pk for slug in ("bjuv", "klippan")}

    @settings(max_examples=40)
    @given(
        st.lists(
            counts(),
            max_size=20,
            unique_by=lambda row: (row["day"], row["text"], row["municipality"]),
        )
    )
    def check(rows):
        with transaction.atomic():
            SearchCount.objects.bulk_create(SearchCount(**row) for row in rows)
            each = by_place(period=YEAR, municipalities=[None, *pks.values()])
            whole = together(period=YEAR)
            one = together(period=YEAR, municipalities=[pks["bjuv"]])
            transaction.set_rollback(True)

        counted = [row for row in rows if row["day"].year == 2026]
        for slug, pk in pks.items():
            assert_same(each[pk], expected([r for r in counted if r["municipality"] == slug]))
        nowhere = [row for row in counted if row["municipality"] not in pks]
        assert_same(each[None], expected(nowhere))
        assert_same(whole, expected(counted))
        assert one == each[pks["bjuv"]]
        assert sum(found["searches"] for found in each.values()) == whole["searches"]

    check()
