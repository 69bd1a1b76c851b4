"""What a company takes home of a year: the page with its figures, and the statement as a PDF."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.ideas.models import Idea, IdeaPhoto, IdeaProgress
from marketplace.impact import figures
from marketplace.listings.models import ListingPhoto
from marketplace.organisations.merging.services import merge_organisations
from tests.factories import (
    CategoryFactory,
    ClimateFactorFactory,
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
)
from tests.printed import alternatives

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return CompanyFactory(name="Snickeriet Furan AB")


@pytest.fixture
def seller(client, company):
    """A member of the company, signed in."""
    user = MembershipFactory(organisation=company).user
    client.force_login(user)
    return user


def hand_over(company, kg, *, school=None, on=date(2026, 3, 5), listing=None):
    return record_handover(
        listing=listing or ListingFactory(organisation=company),
        receiver=school or SchoolFactory(),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(kg), would_have_bought="yes", on=on),
    )


def pupils_idea(handover, *, title, live=True):
    idea = Idea(
        handover=handover,
        type=Idea.Type.MADE,
        title=title,
        text="Vi byggde den av spill.",
        age_group=Idea.AgeGroup.F_3,
        signed="2B",
        live=live,
        created_at=datetime(2026, 4, 1, 8, tzinfo=UTC),
    )
    idea.photos.set([IdeaPhoto(image=ImageFactory())])
    idea.save()
    IdeaProgress.objects.create(
        idea=idea,
        approved_at="2026-04-02T08:00:00Z",
        adopted_at="2026-04-03T08:00:00Z",
    )
    return idea


def statement(client, company, year=2026, language=""):
    response = client.get(f"{language}/mitt/effekt/{company.pk}/{year}.pdf")
    assert response.status_code == 200
    return PdfReader(io.BytesIO(response.content))


def words(reader):
    text = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(text.replace("\xa0", " ").split())


def test_it_says_in_swedish_what_the_year_achieved(client, company, seller):
    school = SchoolFactory()
    hand_over(company, 100, school=school)
    hand_over(company, 20, school=school)
    hand_over(company, 4)

    text = words(statement(client, company))

    assert "Effektredovisning 2026" in text
    assert (
        "Under 2026 gav Snickeriet Furan AB 124 kg överblivet material till 2 verksamheter" in text
    )
    # 2,5 kg CO2e and 40 kr for each kilogram.
    assert "undvikit utsläpp av ungefär 310 kg CO₂e netto" in text
    assert "inköp för 4 960 kr" in text


def test_it_is_in_english_at_the_english_address(client, company, seller):
    hand_over(company, 7)

    text = words(statement(client, company, language="/en"))

    assert "Effect statement 2026" in text
    assert "gave 7 kg of left-over material to 1 school or other public service." in text


def test_its_file_is_named_after_company_and_year(client, company, seller):
    hand_over(company, 7)

    response = client.get(f"/mitt/effekt/{company.pk}/2026.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert (
        response["Content-Disposition"]
        == 'attachment; filename="effektredovisning-snickeriet-furan-ab-2026.pdf"'
    )


def test_it_counts_what_the_ledger_counts_corrections_included(client, company, seller):
    wrong = hand_over(company, 900)
    hand_over(company, 5, on=date(2025, 12, 31))
    correct_handover(
        handover=wrong, by=UserFactory(), reason="Gram", quantity=1, mass_kg=Decimal(9)
    )

    text = words(statement(client, company))

    period = figures.Period.year(2026)
    assert figures.totals(figures.handovers(period=period))["mass_kg"] == 9
    assert "gav Snickeriet Furan AB 9 kg" in text
    assert "900 kg" not in text


def test_it_names_the_source_of_every_factor_that_was_used(client, company, seller):
    category = CategoryFactory(name="Papprör", factor=None)
    ClimateFactorFactory(category=category, kgco2e_per_kg=Decimal("0.8210"), source="Defra")
    hand_over(company, 10, listing=ListingFactory(organisation=company, category=category))

    text = words(statement(client, company))

    assert "Papprör Defra (2022) 0,821 10 kg" in text


def test_our_own_estimate_is_called_so(client, company, seller):
    category = CategoryFactory(name="Papprör", factor=None)
    ClimateFactorFactory(category=category, source="estimate")
    hand_over(company, 10, listing=ListingFactory(organisation=company, category=category))

    assert "Papprör egen uppskattning (2022)" in words(statement(client, company))


def test_it_names_the_schools_that_it_reached(client, company, seller):
    hand_over(company, 10, school=SchoolFactory(name="Björkskolan"))

    assert "Björkskolan" in words(statement(client, company))


def test_published_ideas_are_in_it_with_their_pictures(client, company, seller):
    handover = hand_over(company, 10)
    before = sum(len(page.images) for page in statement(client, company).pages)
    pupils_idea(handover, title="Kulbanan")

    reader = statement(client, company)

    assert "Barnen eller eleverna skickade 1 idé tillbaka. Företaget tar 1 av dem vidare." in words(
        reader
    )
    assert "Kulbanan" in words(reader)
    assert sum(len(page.images) for page in reader.pages) == before + 1


def test_a_photo_is_described_in_the_words_that_were_written_for_it(client, company, seller):
    listing = ListingFactory(organisation=company)
    listing.photos.set(
        [ListingPhoto(image=ImageFactory(alt_text="A"), alt_text="Sju rör i en låda")]
    )
    listing.save()
    hand_over(company, 10, listing=listing)

    response = client.get(f"/mitt/effekt/{company.pk}/2026.pdf")

    assert "Sju rör i en låda" in alternatives(response.content)


def test_ideas_that_no_editor_has_published_are_counted_but_not_shown(client, company, seller):
    pupils_idea(hand_over(company, 10), title="Kulbanan", live=False)

    text = words(statement(client, company))

    assert "Barnen eller eleverna skickade 1 idé tillbaka." in text
    assert "Kulbanan" not in text


def test_ideas_about_what_others_gave_are_not_in_it(client, company, seller):
    hand_over(company, 10)
    pupils_idea(hand_over(CompanyFactory(), 10), title="Kulbanan")

    assert "Kulbanan" not in words(statement(client, company))


def test_what_a_merged_company_gave_is_in_it(client, company, seller):
    before = CompanyFactory()
    hand_over(before, 30)
    hand_over(company, 12)
    merge_organisations(organisation=before, into=company)

    assert "gav Snickeriet Furan AB 42 kg" in words(statement(client, company))


@pytest.mark.parametrize("year", [2024, 0, 99999])
def test_a_year_without_handovers_is_answered_kindly(client, company, seller, year):
    hand_over(company, 10)

    response = client.get(f"/mitt/effekt/{company.pk}/{year}.pdf", follow=True)

    assert response.redirect_chain[-1][0] == "/mitt/effekt/"
    assert f"Inget material hämtades under {year}" in response.content.decode()


def test_a_year_whose_handovers_were_all_taken_back_has_no_statement(client, company, seller):
    wrong = hand_over(company, 10)
    correct_handover(
        handover=wrong, by=UserFactory(), reason="Aldrig hämtat", quantity=0, mass_kg=0
    )

    assert client.get(f"/mitt/effekt/{company.pk}/2026.pdf").url == "/mitt/effekt/"


def test_members_of_other_companies_do_not_get_it(client, company):
    hand_over(company, 10)
    client.force_login(MembershipFactory().user)

    assert client.get(f"/mitt/effekt/{company.pk}/2026.pdf").status_code == 403


def test_the_receiving_school_does_not_get_it(client, company):
    school = SchoolFactory()
    hand_over(company, 10, school=school)
    client.force_login(MembershipFactory(organisation=school).user)

    assert client.get(f"/mitt/effekt/{company.pk}/2026.pdf").status_code == 403
    assert company.name not in client.get("/mitt/effekt/").content.decode()


def test_the_page_shows_each_year_with_its_statement_in_both_languages(client, company, seller):
    hand_over(company, 10)
    hand_over(company, 3, on=date(2025, 5, 5))

    soup = BeautifulSoup(client.get("/mitt/effekt/").content, "html.parser")

    assert [each.text for each in soup.select("main h2")] == ["2026", "2025"]
    assert [each["href"] for each in soup.select("main a[download]")] == [
        f"{language}/mitt/effekt/{company.pk}/{year}.pdf"
        for year in (2026, 2025)
        for language in ("", "/en")
    ]


def test_a_company_that_has_given_nothing_is_told_what_will_come(client, company, seller):
    page = client.get("/mitt/effekt/").content.decode()

    assert "Inget är hämtat än" in page


def test_the_way_to_it_is_in_the_menu_of_my_page(client, company, seller):
    assert 'href="/mitt/effekt/"' in client.get("/mitt/").content.decode()
