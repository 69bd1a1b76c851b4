"""How long 24 kits take: six kinds of material with fifty listings each, of forty givers.

Run by `script/benchmark kits`. Asks PostgreSQL and writes docs/benchmarks.md. Nothing is asserted.
"""

import time
from decimal import Decimal

import pytest

from inspiration.lessons.amounts import Group
from inspiration.lessons.kits.proposals import propose
from inspiration.lessons.kits.stocktake import Asker, Stocktake
from inspiration.lessons.models import LessonIdeaPage
from tests.benchmarks import report
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

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

CARDS, KINDS, GIVERS, OF_EACH, TIMES = 24, 6, 40, 50, 10


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

    reading, whole, computing = [], [], []
    for _again in range(TIMES):
        start, started_computing = time.perf_counter(), time.process_time()
        stocktake = Stocktake(lessons := list(LessonIdeaPage.for_cards()[:CARDS]), asker)
        reading.append(time.perf_counter() - start)
        kits = [propose(lesson, Group(24, 4), stocktake) for lesson in lessons]
        whole.append(time.perf_counter() - start)
        computing.append(time.process_time() - started_computing)
    assert len(kits) == CARDS

    stops = [len(kit.stops) for kit in kits]
    report.publish(
        "Kits",
        f"A list of {CARDS} ideas, each with a proposed kit of four materials for 24 children: "
        f"{KINDS} kinds of material with {OF_EACH} listings each, of {GIVERS} givers; {TIMES} "
        f"times. The kits have {min(stops)} to {max(stops)} stops.\n\n"
        + report.table(
            ["what", "time"],
            [
                ["reading ideas and stock", report.times(reading)],
                ["all of it", report.times(whole)],
                ["of that, on a processor", report.times(computing)],
            ],
        ),
        summary=[f"A list of {CARDS} ideas with a proposed kit each: {report.times(whole)}."],
        at_any_size=True,
    )
