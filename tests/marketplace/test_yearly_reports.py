"""The yearly report leaves once, when the year has closed in Sweden."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils.translation import override
from post_office.models import Email
from pypdf import PdfReader

from inspiration.models import CampaignPage, HomePage, InspirationIndexPage
from marketplace import services
from marketplace.models import YearlyReport
from marketplace.yearly_pdf import yearly_report
from marketplace.yearly_reports import send_yearly_reports
from search.models import SearchCount
from tests.factories import ListingFactory, MunicipalityFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
JANUARY = datetime(2027, 1, 1, 8, tzinfo=UTC)


@pytest.fixture
def klippan():
    municipality = MunicipalityFactory(name="Klippan", slug="klippan")
    municipality.coordinators.add(UserFactory(email="kim@klippan.example", language="en"))
    services.record_handover(
        listing=ListingFactory(),
        receiver=SchoolFactory(municipality=municipality),
        quantity=1,
        mass_kg=Decimal(40),
        on=date(2026, 5, 5),
    )
    return municipality


def test_coordinators_get_the_report_as_a_file(klippan):
    sent = send_yearly_reports(JANUARY)

    email = Email.objects.get()
    (attachment,) = email.attachments.all()
    text = " ".join(page.extract_text() for page in PdfReader(attachment.file).pages)
    assert sent == 1
    assert email.to == ["kim@klippan.example"]
    assert "Klippan 2026" in email.subject
    assert attachment.name == "yearly-report-klippan-2026.pdf"
    assert "Reuse in Klippan 2026" in text


def test_searches_and_campaigns_are_in_the_report(klippan, client):
    call_command("setup_portal", verbosity=0)
    MunicipalityFactory(slug="bjuv")
    for municipality, searches, without in (("klippan", 8, 2), ("bjuv", 4, 4), ("", 3, 0)):
        SearchCount.objects.create(
            day=date(2026, 5, 4),
            text="kartong",
            municipality=municipality,
            searches=searches,
            without_result=without,
        )
    home = HomePage.objects.get()
    lists = home.add_child(instance=InspirationIndexPage(title="Campaigns", locale=home.locale))
    lists.add_child(
        instance=CampaignPage(
            title="May",
            starts_on=date(2026, 5, 1),
            ends_on=date(2026, 5, 31),
            goal=1,
            locale=home.locale,
        )
    )

    with override("sv"):
        own = text_of(yearly_report(municipalities=[klippan], year=2026, name="Klippan"))
        whole = text_of(
            yearly_report(municipalities=[klippan], year=2026, name="alla", everywhere=True)
        )

    assert "Sökningar 8 0" in own
    assert "Andel utan träff 25 % –" in own
    assert "Förmedlat material i kampanjer 40 kg 0 kg" in own
    assert "Sökningar 11 0" in whole


def text_of(pdf):
    """What stands in a PDF, on one line."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_report_is_in_the_readers_language(klippan):
    klippan.coordinators.update(language="sv")

    send_yearly_reports(JANUARY)

    file = Email.objects.get().attachments.get().file
    assert "Återbruk i Klippan 2026" in PdfReader(io.BytesIO(file.read())).pages[0].extract_text()


def test_it_leaves_exactly_once_per_municipality_and_year(klippan):
    assert [send_yearly_reports(JANUARY) for _time in range(3)] == [1, 0, 0]
    assert Email.objects.count() == 1
    assert YearlyReport.objects.values_list("year", flat=True).get() == 2026


def test_the_next_year_has_a_report_of_its_own(klippan):
    send_yearly_reports(JANUARY)

    assert send_yearly_reports(JANUARY.replace(year=2028)) == 1


def test_nothing_leaves_before_the_year_has_closed_in_sweden(klippan):
    new_year = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)

    assert send_yearly_reports(new_year) == 0
    assert send_yearly_reports(new_year.replace(hour=23, minute=0)) == 1


def test_each_municipality_gets_its_own_and_one_without_a_coordinator_waits(klippan):
    other = MunicipalityFactory(name="Bjuv")

    assert send_yearly_reports(JANUARY) == 1
    other.coordinators.add(UserFactory(language="sv"))
    assert send_yearly_reports(JANUARY) == 1
    assert {each.municipality.name for each in YearlyReport.objects.all()} == {"Klippan", "Bjuv"}


def test_who_has_left_gets_no_report(klippan):
    klippan.coordinators.update(is_active=False)

    assert send_yearly_reports(JANUARY) == 0
    assert not Email.objects.exists()
