"""How long the figures take with 200,000 handovers and 50,000 user-days over three years.

Run by `script/benchmark figures`. Asks PostgreSQL, writes docs/benchmarks.md, and fails where a
page takes more than a second or its number of queries depends on how much there is. A file with
every single answer of a year may take longer.
`BENCHMARK_SCALE=0.1` for a tenth of it all.
"""

import os
import time
from datetime import timedelta
from random import Random
from statistics import median

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.impact import figures
from marketplace.impact.costs.models import CostSharing
from marketplace.impact.figures.periods import Period
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.ratings.models import Rating
from marketplace.impact.sums.services import count_ledger
from marketplace.impact.usage.models import UserDay
from portal.foundation.users.models import User
from search.statistics.models import SearchCount
from tests.benchmarks import report
from tests.benchmarks.ledger import DAYS, FIRST, make_handovers
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MunicipalityFactory,
    SchoolFactory,
    SuperuserFactory,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

SCALE = float(os.environ.get("BENCHMARK_SCALE", "1"))
HANDOVERS, USER_DAYS, RATINGS = int(200_000 * SCALE), int(50_000 * SCALE), int(40_000 * SCALE)
MUNICIPALITIES, COMPANIES, RECEIVERS, PEOPLE = 11, 300, 600, 900
# How many companies a receiver usually fetches from.
NEIGHBOURS = 25
LIMIT_SECONDS = 1.0
# A file with every single answer of a year, 13,000 of them, is no page and may take longer.
EVERY_ANSWER, EVERY_ANSWER_SECONDS = "report effekt/betyg, XLSX of a year", 3.0
RUNS = 3


def fill(handovers, user_days):
    random = Random(1)
    municipalities = MunicipalityFactory.create_batch(MUNICIPALITIES)
    categories = [CategoryFactory() for _n in range(17)]
    companies = [
        CompanyFactory(municipality=random.choice(municipalities)) for _n in range(COMPANIES)
    ]
    schools = [SchoolFactory(municipality=random.choice(municipalities)) for _n in range(RECEIVERS)]
    listings = [
        ListingFactory(organisation=company, category=random.choice(categories))
        for company in companies
    ]
    near = {school: random.sample(listings, NEIGHBOURS) for school in schools}
    reservations = make_handovers(random, near, handovers)
    rate(random, reservations[: int(handovers * RATINGS / HANDOVERS)])
    report_purchases(random, schools, categories)
    users = User.objects.bulk_create(
        User(email=f"bench{number}@example.org") for number in range(PEOPLE)
    )
    pairs = random.sample(range(PEOPLE * DAYS), user_days)
    UserDay.objects.bulk_create(
        [
            UserDay(
                user=users[pair % PEOPLE],
                day=FIRST + timedelta(days=pair // PEOPLE),
                municipality=municipalities[pair % MUNICIPALITIES],
                side=UserDay.Side.COMPANY if pair % 3 else UserDay.Side.SERVICE,
            )
            for pair in pairs
        ],
        batch_size=5000,
    )
    count_searches(random, municipalities, user_days)
    count_ledger()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def count_searches(random, municipalities, number):
    """As many counted searches as there are days of use, for 300 different words."""
    SearchCount.objects.bulk_create(
        [
            SearchCount(
                day=FIRST + timedelta(days=each % DAYS),
                text=f"ord {each // DAYS % 300}",
                municipality=random.choice(municipalities).slug,
                searches=random.randint(1, 5),
                without_result=random.choice([0, 0, 0, 1]),
            )
            for each in range(number)
        ],
        batch_size=5000,
    )


def rate(random, reservations):
    """What receivers thought, on the day after the answer."""
    Rating.objects.bulk_create(
        [
            Rating(
                reservation=each,
                organisation=each.organisation,
                municipality=each.organisation.municipality,
                score=random.randint(1, 5),
                text="Lätt att hämta." if random.random() < 0.3 else "",
                created_at=each.created_at + timedelta(days=1),
            )
            for each in reservations
        ],
        batch_size=5000,
    )


def report_purchases(random, schools, categories):
    """Every receiver reports three materials each term."""
    PurchaseReport.objects.bulk_create(
        [
            PurchaseReport(
                organisation=school,
                municipality=school.municipality,
                year=year,
                term=term,
                category=category,
                mass_kg=random.randint(1, 80),
                cost_sek=random.randint(100, 4000),
            )
            for school in schools
            for year in (2024, 2025, 2026)
            for term in PurchaseReport.Term.values
            for category in random.sample(categories, 3)
        ],
        batch_size=5000,
    )


REPORTS = [
    "effekt/kommuner",
    "effekt/manader",
    "effekt/material",
    "effekt/organisationer",
    "effekt/anvandning",
    "effekt/inkop",
    "effekt/betyg",
    "sokningar",
]


def pages(client):
    ever = Period(FIRST, FIRST + timedelta(days=DAYS - 1))
    year = Period.year(2025)
    rows = {"a year": figures.handovers(period=year), "three years": figures.handovers(period=ever)}
    tried = {
        f"totals, {name}": lambda each=each: figures.totals(each) for name, each in rows.items()
    }
    tried |= {
        f"municipalities, {name}": lambda each=each: figures.by_municipality(each)
        for name, each in rows.items()
    }
    tried |= {
        "months, three years": lambda: figures.by_month(rows["three years"]),
        "categories, three years": lambda: figures.by_category(rows["three years"]),
        "active users, three years": lambda: figures.active_users(period=ever),
        "response times, a year": lambda: figures.response(period=year),
        "takers, three years": lambda: figures.takers(period=ever),
        "/effekt/, a year": lambda: read(client, "/effekt/?period=2025"),
        "/effekt/, all the time": lambda: read(client, "/effekt/?period=alla"),
    }
    addresses = {
        "/effekt/data.csv": "/effekt/data.csv",
        "/effekt/data.json": "/effekt/data.json",
        "/effekt/dcat.rdf": "/effekt/dcat.rdf",
        "/effekt/faktorer/": "/effekt/faktorer/",
        "/api/v1/figures, a year": "/api/v1/figures?period=2025",
        "/api/v1/figures, all the time": "/api/v1/figures",
        "/api/v1/figures/municipalities": "/api/v1/figures/municipalities",
        "/api/v1/figures/rows": "/api/v1/figures/rows",
        "dashboard, a year": "/admin/effekt/?period=2025",
        "dashboard, all the time": "/admin/effekt/?period=alla",
        "cost shares": "/admin/effekt/kostnader/",
        "cost shares, XLSX": "/admin/effekt/kostnader/?export=xlsx",
        "yearly report, PDF": "/admin/effekt/arsrapport/alla/2025.pdf",
        "handovers, list": "/admin/marketplace/handover/",
        "handovers, searched": "/admin/marketplace/handover/?q=Skolan",
    }
    for name in REPORTS:
        addresses |= {
            f"report {name}, a year": f"/admin/{name}/?period=2025",
            f"report {name}, all the time": f"/admin/{name}/?period=alla",
            f"report {name}, XLSX of a year": f"/admin/{name}/?period=2025&export=xlsx",
        }
    return tried | {
        name: lambda address=address: read(client, address) for name, address in addresses.items()
    }


def read(client, address):
    """All of an answer, also of one that is sent bit by bit."""
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def measure(work):
    """(median seconds, number of queries) of `RUNS` runs without anything kept."""
    seconds = []
    for _run in range(RUNS):
        cache.clear()
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            work()
        seconds.append(time.perf_counter() - started)
    return median(seconds), len(queries)


def test_every_page_answers_within_a_second_with_as_many_queries_as_with_little(client):
    assert connection.vendor == "postgresql", "Measured on PostgreSQL: set DATABASE_URL."
    call_command("setup_portal", verbosity=0)
    CostSharing.objects.create(year=2025, cost_sek=600_000, fixed_sek=100_000)
    client.force_login(SuperuserFactory())
    fill(1000, 500)
    few = {name: measure(work)[1] for name, work in pages(client).items()}

    fill_more()
    many = {name: measure(work) for name, work in pages(client).items()}

    times = {name: seconds for name, (seconds, _queries) in many.items()}
    longest_file = times.pop(EVERY_ANSWER)
    slowest = max(times, key=times.get)
    report.publish(
        "Figures",
        f"{HANDOVERS:,} handovers and {USER_DAYS:,} user-days over three years, median of {RUNS} "
        "requests over Django's test client with nothing kept in the cache.\n\n"
        + report.table(
            ["what", "time", "database queries"],
            [
                [name, report.milliseconds(seconds), str(queries)]
                for name, (seconds, queries) in many.items()
            ],
        ),
        summary=[
            f"With {HANDOVERS:,} handovers and {USER_DAYS:,} user-days the slowest of "
            f"{len(times)} sums, pages and exports ({slowest}) takes "
            f"{report.milliseconds(times[slowest])} (limit {report.milliseconds(LIMIT_SECONDS)}), "
            f"and a spreadsheet with every answer of a year {report.milliseconds(longest_file)}. "
            "Each asks the database as often as with 1,000 handovers."
        ],
        at_any_size=SCALE == 1,
    )
    assert {
        name: (few[name], queries)
        for name, (_seconds, queries) in many.items()
        if queries != few[name]
    } == {}
    limits = {EVERY_ANSWER: EVERY_ANSWER_SECONDS}
    assert {
        name
        for name, (seconds, _queries) in many.items()
        if seconds > limits.get(name, LIMIT_SECONDS)
    } == set()


def fill_more():
    User.objects.filter(email__startswith="bench").delete()
    SearchCount.objects.all().delete()
    fill(HANDOVERS - 1000, USER_DAYS)
