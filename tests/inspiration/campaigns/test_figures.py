"""Figures of campaigns, against an independent loop over pages and ledger."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from inspiration.campaigns.figures import by_place, together
from inspiration.campaigns.models import CampaignPage
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.impact.figures.periods import Period
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MunicipalityFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db
YEAR = Period.year(2025)


@pytest.fixture
def world(pages):
    """Two municipalities, wood with planks below it and cloth, and a school in each place."""
    wood = CategoryFactory(name="Trä", slug="tra")
    categories = [wood, CategoryFactory(name="Plank", parent=wood, slug="plank"),
                  CategoryFactory(name="Tyg", slug="tyg")]  # fmt: skip
    places = MunicipalityFactory.create_batch(2)
    company = CompanyFactory()
    index = pages.index("Kampanjer")
    return {
        "places": places,
        "categories": categories,
        "schools": [SchoolFactory(municipality=place) for place in places],
        "listings": [
            ListingFactory(organisation=company, category=category, stock__offered=10_000)
            for category in categories
        ],
        "campaigns": [
            pages.campaign(
                f"Kampanj {n}", index, goal=100, starts_on=YEAR.start, ends_on=YEAR.end
            ).pk
            for n in range(3)
        ],
    }


days = st.dates(date(2024, 12, 28), date(2025, 1, 4)) | st.dates(date(2025, 1, 1), date(2026, 1, 5))
campaigns = st.lists(
    st.tuples(
        days,
        st.integers(0, 200),
        st.sets(st.integers(0, 1)),
        st.sets(st.integers(0, 2)),
    ),
    max_size=3,
)
handovers = st.lists(
    st.tuples(days, st.integers(0, 1), st.integers(0, 2), st.integers(1, 90), st.booleans()),
    max_size=8,
)
BELOW = {0: {0, 1}, 1: {1}, 2: {2}}


def test_figures_of_campaigns_are_what_a_simple_computation_gives(world):
    places, categories = world["places"], world["categories"]

    @settings(max_examples=20)
    @given(campaigns, handovers)
    def check(drives, given_away):
        with transaction.atomic():
            CampaignPage.objects.update(live=False)
            for pk, (start, length, where, what) in zip(world["campaigns"], drives, strict=False):
                page = CampaignPage.objects.get(pk=pk)
                page.live = True
                page.starts_on, page.ends_on = start, start + timedelta(days=length)
                page.municipalities.set([places[n] for n in where])
                page.categories.set([categories[n] for n in what])
                page.save()
            for day, place, category, kg, reversed_later in given_away:
                handover = record_handover(
                    listing=world["listings"][category],
                    receiver=world["schools"][place],
                    facts=HandoverFacts(quantity=1, mass_kg=Decimal(kg), on=day),
                )
                if reversed_later:
                    correct_handover(
                        handover=handover, by=None, reason="No", quantity=0, mass_kg=Decimal(0)
                    )
            each = by_place(period=YEAR, municipalities=[None, *(p.pk for p in places)])
            whole = together(period=YEAR)
            assert Handover.objects.exists() == bool(given_away)
            transaction.set_rollback(True)

        def counts(day, place, category):
            return any(
                start <= day <= start + timedelta(days=length)
                and (not where or place in where)
                and (not what or any(category in BELOW[n] for n in what))
                for start, length, where, what in drives
            )

        standing = [
            row for row in given_away if not row[4] and row[0].year == 2025 and counts(*row[:3])
        ]
        ran = [
            drive
            for drive in drives
            if drive[0] <= YEAR.end and drive[0] + timedelta(days=drive[1]) >= YEAR.start
        ]
        for n, place in enumerate(places):
            here = [row for row in standing if row[1] == n]
            assert each[place.pk] == {
                "campaigns": sum(not drive[2] or n in drive[2] for drive in ran),
                "campaign_kg": sum(row[3] for row in here),
                "campaign_handovers": len(here),
            }
        assert whole == {
            "campaigns": len(ran),
            "campaign_kg": sum(row[3] for row in standing),
            "campaign_handovers": len(standing),
        }

    check()


def test_a_draft_is_no_campaign_yet(world):
    CampaignPage.objects.filter(pk=world["campaigns"][0]).update(live=False)

    assert together(period=YEAR)["campaigns"] == 2


def test_the_effect_page_tells_what_campaigns_have_given(client, world):
    record_handover(
        listing=world["listings"][0],
        receiver=world["schools"][0],
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(4321), on=date(2025, 3, 3)),
    )

    page = BeautifulSoup(client.get("/effekt/?period=2025").content, "html.parser")

    told = {
        each.dt.get_text(strip=True): each.dd.get_text(strip=True).replace("\xa0", " ")
        for each in page.select(".effect__more > div")
    }
    assert told["Kampanjer"] == "3"
    assert told["Förmedlat material i kampanjer"] == "4 321 kg"
