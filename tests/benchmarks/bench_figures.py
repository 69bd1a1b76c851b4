"""How long the figures take with 200,000 handovers and 50,000 user-days over three years.

    DATABASE_URL=postgres://… .venv/bin/python -m pytest tests/benchmarks/bench_figures.py -s

Asks PostgreSQL, prints a table, and fails where a page takes more than a second or its number of
queries depends on how much there is.
"""

import time
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from statistics import median

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from marketplace import figures
from marketplace.figures import Period
from marketplace.models import Handover, Reservation, UserDay
from portal.models import User
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MunicipalityFactory,
    SchoolFactory,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

HANDOVERS, USER_DAYS = 200_000, 50_000
MUNICIPALITIES, COMPANIES, RECEIVERS, PEOPLE = 11, 300, 600, 900
# How many companies a receiver usually fetches from.
NEIGHBOURS = 25
FIRST, DAYS = date(2024, 1, 1), 3 * 365
LIMIT_SECONDS = 1.0
RUNS = 5


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
    near = {school.pk: random.sample(listings, NEIGHBOURS) for school in schools}
    rows, reservations = [], []
    for _number in range(handovers):
        school = random.choice(schools)
        listing = random.choice(near[school.pk])
        day = FIRST + timedelta(days=random.randrange(DAYS))
        asked = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9))
        mass = Decimal(random.randrange(100, 40_000)) / 1000
        rows.append(
            Handover(
                listing=listing,
                category=listing.category,
                giver=listing.organisation,
                receiver=school,
                giver_municipality=listing.organisation.municipality,
                receiver_municipality=school.municipality,
                handed_over_on=day,
                quantity=1,
                unit="st",
                mass_kg=mass,
                kgco2e_per_kg=2,
                co2e_kg=mass * 2,
                sek_per_kg=40,
                value_sek=mass * 40,
                factor_source="Benchmark",
                factor_source_year=2024,
            )
        )
        reservations.append(
            Reservation(
                listing=listing,
                organisation=school,
                state="collected",
                requested_quantity=1,
                accepted_quantity=1,
                created_at=asked,
                accepted_at=asked + timedelta(hours=random.randrange(1, 90)),
            )
        )
    Handover.objects.bulk_create(rows, batch_size=5000)
    Reservation.objects.bulk_create(reservations, batch_size=5000)
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
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


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
        "/effekt/, a year": lambda: client.get("/effekt/?period=2025"),
        "/effekt/, all the time": lambda: client.get("/effekt/?period=alla"),
        "/effekt/data.csv, all the time": lambda: client.get("/effekt/data.csv"),
        "/api/v1/figures, a year": lambda: client.get("/api/v1/figures?period=2025"),
    }
    return tried


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
    fill(200, 50)
    few = {name: measure(work)[1] for name, work in pages(client).items()}

    fill_more()
    many = {name: measure(work) for name, work in pages(client).items()}

    print(f"\n{HANDOVERS:,} handovers, {USER_DAYS:,} user-days, median of {RUNS} runs")
    for name, (seconds, queries) in many.items():
        print(f"  {name:<34} {seconds * 1000:7.0f} ms  {queries:3} queries")
    assert {name: queries for name, (_seconds, queries) in many.items()} == few
    assert {name for name, (seconds, _q) in many.items() if seconds > LIMIT_SECONDS} == set()


def fill_more():
    User.objects.filter(email__startswith="bench").delete()
    fill(HANDOVERS - 200, USER_DAYS)
