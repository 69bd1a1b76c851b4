"""Rules that nobody gets round: in the forms with kind words, and in the database."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from marketplace.impact.collaborations.models import Collaboration
from marketplace.materials.models import ClimateFactor
from marketplace.organisations.models import Organisation
from tests.factories import CategoryFactory, CompanyFactory, SchoolFactory, SuperuserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def admin(client):
    call_command("setup_portal", verbosity=0)
    client.force_login(SuperuserFactory())


def errors(response):
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(each.get_text(" ", strip=True) for each in soup.select(".error-message"))


@pytest.fixture
def partners():
    return CompanyFactory(), SchoolFactory()


def record(client, partners, **values):
    company, school = partners
    return client.post(
        reverse("wagtailsnippets_marketplace_collaboration:add"),
        {
            "type": "project",
            "company": company.pk,
            "partner": school.pk,
            "started_on": "2026-03-02",
            "ended_on": "",
            "note": "",
        }
        | values,
    )


def test_a_collaboration_is_recorded_once(client, partners):
    assert record(client, partners).status_code == 302

    again = record(client, partners)

    assert again.status_code == 200
    assert Collaboration.objects.count() == 1


def test_a_collaboration_ends_after_it_started(client, partners):
    assert record(client, partners, ended_on="2026-03-01").status_code == 200
    assert not Collaboration.objects.exists()

    record(client, partners, ended_on="2026-03-02")

    assert Collaboration.objects.exists()


def test_a_collaboration_has_started(client, partners):
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert record(client, partners, started_on=tomorrow.isoformat()).status_code == 200
    assert not Collaboration.objects.exists()


def test_the_database_holds_it_too(partners):
    company, school = partners
    with pytest.raises(IntegrityError), transaction.atomic():
        Collaboration.objects.create(
            company=company,
            partner=school,
            type="project",
            started_on=date(2026, 3, 2),
            ended_on=date(2026, 3, 1),
        )


def change_factor(client, factor, **values):
    address = reverse("wagtailsnippets_marketplace_climatefactor:edit", args=[factor.pk])
    return client.post(
        address,
        {
            "category": factor.category_id,
            "valid_from": "2020-01-01",
            "kgco2e_per_kg": "2,5",
            "sek_per_kg": "40,00",
            "source": "Test source",
            "source_year": "2022",
            "note": "",
        }
        | values,
    )


@pytest.fixture
def factor():
    return CategoryFactory().factors.get()


def test_a_factor_is_written_with_a_comma(client, factor):
    assert change_factor(client, factor, kgco2e_per_kg="1,5").status_code == 302

    factor.refresh_from_db()
    assert str(factor.kgco2e_per_kg) == "1.5000"


@pytest.mark.parametrize("year", ["1", "202", str(timezone.localdate().year + 1)])
def test_a_source_has_a_year_that_has_been(client, factor, year):
    assert change_factor(client, factor, source_year=year).status_code == 200


def test_a_category_is_never_without_a_factor(client, factor):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert change_factor(client, factor, valid_from=tomorrow).status_code == 200

    later = ClimateFactor.objects.create(
        category=factor.category,
        valid_from=date(2025, 1, 1),
        kgco2e_per_kg=1,
        sek_per_kg=1,
        source="…",
        source_year=2024,
    )

    assert change_factor(client, later, valid_from=tomorrow).status_code == 302


def test_no_factor_begins_in_a_distant_future(client, factor):
    assert change_factor(client, factor, valid_from="2099-01-01").status_code == 200


@pytest.mark.parametrize(("latitude", "longitude"), [(999, 12), (12, 56), (56, 120)])
def test_what_is_not_in_sweden_is_refused(latitude, longitude):
    organisation = CompanyFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).update(
            latitude=latitude, longitude=longitude
        )

    Organisation.objects.filter(pk=organisation.pk).update(latitude=56, longitude=12)


def test_the_help_is_our_own(client):
    page = client.get("/admin/").content.decode()

    assert reverse("editors_guide") in page
    assert "guide.wagtail.org" not in page
