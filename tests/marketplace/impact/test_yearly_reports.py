"""The yearly report leaves once, when the year has closed in Sweden."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.utils.translation import override
from post_office.models import Email
from pypdf import PdfReader

from inspiration.campaigns.models import CampaignPage
from inspiration.pages.models import HomePage, InspirationIndexPage
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import record_handover
from marketplace.ideas.models import Idea, IdeaPhoto, IdeaProgress
from marketplace.impact.yearly_reports.models import YearlyReport
from marketplace.impact.yearly_reports.pdf import yearly_report
from marketplace.impact.yearly_reports.services import send_yearly_reports
from marketplace.municipalities.models import MunicipalityGoal
from marketplace.roles.permissions import coordinators_of
from search.statistics.models import SearchCount
from tests.factories import (
    ImageFactory,
    ListingFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)
from tests.printed import alternatives

pytestmark = pytest.mark.django_db
JANUARY = datetime(2027, 1, 1, 8, tzinfo=UTC)


@pytest.fixture
def klippan():
    municipality = MunicipalityFactory(name="Klippan", slug="klippan")
    give(
        UserFactory(email="kim@klippan.example", language="en"),
        "coordinator",
        municipalities=[municipality],
    )
    record_handover(
        listing=ListingFactory(),
        receiver=SchoolFactory(municipality=municipality),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(40), on=date(2026, 5, 5)),
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


def test_campaigns_are_in_the_report_and_how_people_search_is_not(klippan, client):
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

    assert "Förmedlat material i kampanjer 40 kg 0 kg" in own
    assert "Förmedlat material i kampanjer 40 kg 0 kg" in whole
    assert "Sökningar" not in own + whole
    assert "utan träff" not in own + whole


def text_of(pdf, *, page=None):
    """What stands in a PDF, or on one of its pages, on one line."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    chosen = pages if page is None else [pages[page]]
    return " ".join(" ".join(each.extract_text() for each in chosen).split())


def report_of(municipality, year=2026, language="sv"):
    with override(language):
        return yearly_report(municipalities=[municipality], year=year, name=municipality.name)


def test_the_first_page_has_five_figures_in_plain_words(klippan):
    record_handover(
        listing=ListingFactory(organisation__municipality=klippan),
        receiver=SchoolFactory(),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(3), on=date(2026, 5, 5)),
    )

    first = text_of(report_of(klippan), page=0)

    assert "Under 2026 gav företag 40 kg överblivet material till 1 verksamhet" in first
    for figure in (
        "40 kg material i ny användning 2025: 0 kg",
        "50 kg CO₂e minskade utsläpp, netto (beräknat: mellan 0 och 100)",
        "kr i undvikna inköp",
        "1 skola eller verksamhet fick material",
        "1 företag härifrån gav material",
    ):
        assert figure in first
    assert "Efter material" not in first


@time_machine.travel("2026-11-28 12:00")
def test_a_year_that_is_not_over_is_marked_and_one_that_is_over_is_not(klippan):
    hand_over_in(klippan, 2025, 7)

    assert "hittills, till och med 28 november 2026" in text_of(report_of(klippan), page=0)
    assert "2026 hittills" in text_of(report_of(klippan), page=0)
    assert "hittills" not in text_of(report_of(klippan, 2025))


def test_the_trend_is_of_years_once_there_are_several(klippan):
    assert "År för år, i kilo" not in text_of(report_of(klippan))

    hand_over_in(klippan, 2024, 9)

    assert "År för år, i kilo" in text_of(report_of(klippan), page=0)
    assert "2024 9\xa0kg, 2025 0\xa0kg, 2026" in " ".join(alternatives(report_of(klippan)))


def test_there_is_no_goal_until_somebody_has_set_one(klippan):
    assert "målet" not in text_of(report_of(klippan))

    goal = MunicipalityGoal.objects.create(municipality=klippan, year=2026, kg=160)
    assert "25 % av målet på 160 kg" in text_of(report_of(klippan), page=0)

    goal.kg = 40
    goal.save()
    assert "Målet på 40 kg är nått" in text_of(report_of(klippan), page=0)


def test_the_goal_of_many_counts_only_when_each_has_set_one(klippan):
    bjuv = MunicipalityFactory(name="Bjuv")
    MunicipalityGoal.objects.create(municipality=klippan, year=2026, kg=160)

    def together():
        with override("sv"):
            return text_of(yearly_report(municipalities=[klippan, bjuv], year=2026, name="alla"))

    assert "målet" not in together()
    MunicipalityGoal.objects.create(municipality=bjuv, year=2026, kg=240)
    assert "10 % av målet på 400 kg" in together()


def test_what_was_made_is_shown_with_a_quote_once_an_editor_has_published_it(klippan):
    idea = idea_from(klippan, live=False)
    assert "Kulbanan" not in text_of(report_of(klippan))

    idea.live = True
    idea.save()

    first = text_of(report_of(klippan), page=0)
    assert "Kulbanan" in first
    assert "”Vi byggde en bana som går runt hela klassrummet.”" in first
    assert "2B" in first
    assert "En kulbana av rör" in alternatives(report_of(klippan))


def test_what_was_made_elsewhere_or_in_another_year_is_not_shown(klippan):
    idea_from(klippan)

    assert "Kulbanan" in text_of(report_of(klippan))
    assert "Kulbanan" not in text_of(report_of(klippan, 2025))
    assert "Kulbanan" not in text_of(report_of(MunicipalityFactory(name="Bjuv")))


def test_a_year_in_which_nothing_happened_says_so(klippan):
    text = text_of(report_of(MunicipalityFactory(name="Bjuv")), page=0)

    assert "Inget överblivet material förmedlades i Bjuv under 2026." in text


def hand_over_in(municipality, year, kg):
    return record_handover(
        listing=ListingFactory(),
        receiver=SchoolFactory(municipality=municipality),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(kg), on=date(year, 5, 5)),
    )


def idea_from(municipality, *, live=True):
    idea = Idea(
        handover=Handover.objects.get(receiver_municipality=municipality),
        type=Idea.Type.MADE,
        title="Kulbanan",
        text="Vi byggde en bana som går runt hela klassrummet.",
        age_group=Idea.AgeGroup.F_3,
        signed="2B",
        live=live,
        created_at=datetime(2026, 6, 1, 8, tzinfo=UTC),
    )
    idea.photos.set([IdeaPhoto(image=ImageFactory(alt_text="En kulbana av rör"))])
    idea.save()
    IdeaProgress.objects.create(idea=idea, approved_at=datetime(2026, 6, 2, tzinfo=UTC))
    return idea


def test_the_report_is_in_the_readers_language(klippan):
    coordinators_of(klippan).update(language="sv")

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
    give(UserFactory(language="sv"), "coordinator", municipalities=[other])
    assert send_yearly_reports(JANUARY) == 1
    assert {each.municipality.name for each in YearlyReport.objects.all()} == {"Klippan", "Bjuv"}


def test_who_has_left_gets_no_report(klippan):
    coordinators_of(klippan).update(is_active=False)

    assert send_yearly_reports(JANUARY) == 0
    assert not Email.objects.exists()
