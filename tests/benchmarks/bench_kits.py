"""How long 24 kits take: `python -m pytest tests/benchmarks/bench_kits.py -s`. Nothing is asserted.

Six kinds of material with fifty listings each, of forty givers; 24 ideas that need four of them.
"""

import time
from decimal import Decimal

import pytest

from inspiration.lessons.amounts import Group
from inspiration.lessons.kits.proposals import propose
from inspiration.lessons.kits.stocktake import Asker, Stocktake
from inspiration.lessons.models import LessonIdeaPage
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
)
from tests.inspiration.conftest import pages

__all__ = ["pages"]

CARDS, KINDS, GIVERS, OF_EACH = 24, 6, 40, 50


@pytest.mark.django_db
def test_24_cards_of_kits(pages):
    municipality = MunicipalityFactory()
    givers = [
        CompanyFactory(municipality=municipality, latitude=f"56.{n:02}", longitude="12.70")
        for n in range(GIVERS)
    ]
    kinds = CategoryFactory.create_batch(KINDS)
    for number, kind in enumerate(kinds):
        for n in range(OF_EACH):
            ListingFactory(
                category=kind,
                organisation=givers[(n * 7 + number) % GIVERS],
                stock__offered=5 + n * 3 % 40,
            )
    for number in range(CARDS):
        needed = [kinds[(number + each) % KINDS] for each in range(4)]
        pages.lesson(
            title=f"Idé {number}",
            materials=[
                {"category": kind, "quantity": Decimal(1), "unit": "st", "per": "child"}
                for kind in needed
            ],
        )
    school = SchoolFactory(municipality=municipality, latitude="56.10", longitude="12.70")
    asker = Asker(MembershipFactory(organisation=school).user, school, None)

    for _again in range(3):
        start = time.perf_counter()
        lessons = list(LessonIdeaPage.for_cards()[:CARDS])
        stocktake = Stocktake(lessons, asker)
        read = time.perf_counter()
        kits = [propose(lesson, Group(24, 4), stocktake) for lesson in lessons]
        end = time.perf_counter()
        print(
            f"\n{len(kits)} kits in {(end - start) * 1000:.0f} ms, "
            f"{(read - start) * 1000:.0f} of them reading; "
            f"stops {[len(kit.stops) for kit in kits][:6]}"
        )
