"""The reports in the admin: figures, filters, exports, and who sees what."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook
from pypdf import PdfReader
from wagtail.users.models import UserProfile

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.impact import figures
from marketplace.impact.costs.models import CostSharing
from marketplace.impact.figures import definitions as figures_definitions
from marketplace.impact.figures import registry as figures_registry
from marketplace.impact.figures.figure import Figure
from marketplace.impact.ratings.models import Rating
from marketplace.municipalities.models import MunicipalityGoal
from marketplace.organisations.merging.services import merge_organisations
from marketplace.organisations.models import Organisation
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
REPORTS = ["kommuner", "manader", "material", "organisationer", "anvandning", "inkop", "betyg"]


@pytest.fixture
def here():
    return MunicipalityFactory(name="Klippan", code="1276", slug="klippan")


@pytest.fixture
def elsewhere():
    return MunicipalityFactory(name="Svalöv", code="1214", slug="svalov")


@pytest.fixture
def hand_over(here):
    def record(*, kg="40", on=date(2026, 3, 5), to=here, by=None, category=None, name="Åskolan"):
        return record_handover(
            listing=ListingFactory(
                organisation=CompanyFactory(municipality=by or to, name=f"Firman i {by or to}"),
                category=category or CategoryFactory(name="Wellpapp"),
            ),
            receiver=SchoolFactory(municipality=to, name=name),
            facts=HandoverFacts(quantity=2, mass_kg=Decimal(kg), would_have_bought="yes", on=on),
        )

    return record


def english(user):
    """The user with the admin in English."""
    UserProfile.objects.create(user=user, preferred_language="en")
    return user


def signed_in(client, *names, coordinates=()):
    user = english(UserFactory())
    give(user, *names)
    for municipality in coordinates:
        give(user, "coordinator", municipalities=[municipality])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


@pytest.fixture
def steering(client):
    return signed_in(client, "steering_group")


def content(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def table(client, address):
    """{name of the row: [cells]} of a report."""
    soup = BeautifulSoup(content(client.get(address)), "html.parser")
    rows = {}
    for row in soup.select("table.listing tbody tr"):
        head = row.find("th")
        rows[head.get_text(strip=True)] = [
            cell.get_text(strip=True).replace("\xa0", " ") for cell in row.find_all("td")
        ]
    return rows


def csv_rows(client, address):
    text = content(client.get(f"{address}&export=csv")).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_each_municipality_has_its_figures_and_all_together_have_the_sum(
    client, steering, hand_over, here, elsewhere
):
    MunicipalityGoal.objects.create(municipality=here, year=2026, kg=80)
    hand_over(kg="40")
    hand_over(kg="10", to=elsewhere)

    rows = table(client, "/admin/effekt/kommuner/?period=2026")

    assert rows["Klippan"][:3] == ["40 kg", "80 kg", "50 %"]
    assert rows["Svalöv"][:3] == ["10 kg", "–", "–"]
    assert rows["All together"][0] == "50 kg"


@pytest.mark.parametrize(
    ("query", "kg"),
    [
        ("period=2026", "40 kg"),
        ("period=2025", "7 kg"),
        ("period=alla", "47 kg"),
        ("period=egen&fran=2025-12-31&till=2026-03-04", "7 kg"),
    ],
)
def test_a_report_is_of_the_period_that_is_chosen(client, steering, hand_over, query, kg):
    hand_over(kg="40", on=date(2026, 3, 5))
    hand_over(kg="7", on=date(2025, 12, 31))

    assert table(client, f"/admin/effekt/kommuner/?{query}")["Klippan"][0] == kg


def test_a_report_is_of_the_municipality_that_is_chosen(client, steering, hand_over, elsewhere):
    hand_over(kg="40")
    hand_over(kg="10", to=elsewhere)

    rows = table(client, "/admin/effekt/kommuner/?period=2026&kommun=1214")

    assert list(rows) == ["Svalöv"]


def test_a_material_includes_what_is_below_it(client, steering, hand_over):
    wood = CategoryFactory(name="Trä", slug="tra")
    hand_over(kg="3", category=CategoryFactory(name="Furu", parent=wood, factor=None))
    hand_over(kg="40")

    rows = table(client, "/admin/effekt/kommuner/?period=2026&material=tra")

    assert rows["Klippan"][0] == "3 kg"


def test_a_kind_of_receiver_can_be_chosen(client, steering, hand_over):
    row = hand_over(kg="40")
    row.receiver.type = "preschool"
    row.receiver.save()
    hand_over(kg="2")

    rows = table(client, "/admin/effekt/kommuner/?period=2026&mottagare=preschool")

    assert rows["Klippan"][0] == "40 kg"


def test_materials_and_months_add_up(client, steering, hand_over):
    hand_over(kg="40", category=CategoryFactory(name="Tyg"))
    hand_over(kg="20", on=date(2026, 4, 1), category=CategoryFactory(name="Glas"))

    materials = table(client, "/admin/effekt/material/?period=2026")
    months = table(client, "/admin/effekt/manader/?period=2026")

    assert (materials["Tyg"][1], materials["Glas"][1]) == ("40 kg", "20 kg")
    assert (months["2026-03"][0], months["2026-04"][0]) == ("40 kg", "20 kg")
    assert materials["All together"][1] == months["All together"][0] == "60 kg"


def test_organisations_are_told_by_what_they_gave_and_received(client, steering, hand_over):
    hand_over(kg="40")

    rows = table(client, "/admin/effekt/organisationer/?period=2026")

    assert rows["Firman i Klippan"][:3] == ["Company", "40 kg", "0 kg"]
    assert rows["Åskolan"][:3] == ["School", "0 kg", "40 kg"]


def test_merged_organisations_are_one_in_the_report(client, steering, hand_over):
    one, other = hand_over(kg="40", name="Åskolan"), hand_over(kg="20", name="Åskolan 2")
    merge_organisations(organisation=other.receiver, into=one.receiver)

    rows = table(client, "/admin/effekt/organisationer/?period=2026")

    assert rows["Åskolan"][2] == "60 kg"
    assert "Åskolan 2" not in rows


def test_a_correction_shows_in_every_report_at_once(client, steering, hand_over):
    handover = hand_over(kg="40")
    before = table(client, "/admin/effekt/kommuner/?period=2026")["Klippan"][0]
    correct_handover(handover=handover, by=None, reason="Wrong", quantity=2, mass_kg=Decimal(30))

    assert before == "40 kg"
    assert table(client, "/admin/effekt/kommuner/?period=2026")["Klippan"][0] == "30 kg"
    assert table(client, "/admin/effekt/material/?period=2026")["Wellpapp"][1] == "30 kg"
    assert table(client, "/admin/effekt/manader/?period=2026")["2026-03"][0] == "30 kg"
    assert table(client, "/admin/effekt/organisationer/?period=2026")["Åskolan"][2] == "30 kg"


def test_use_is_told_per_municipality(client, steering, hand_over, here):
    handover = hand_over()
    reservation = ReservationFactory(
        listing=handover.listing, organisation=handover.receiver, state="collected"
    )
    Rating.objects.create(
        reservation=reservation,
        organisation=handover.receiver,
        municipality=here,
        score=4,
        text="=More labels",
    )

    period = f"period={timezone.localdate().year}"
    use = table(client, f"/admin/effekt/anvandning/?{period}")["Klippan"]
    words = content(client.get(f"/admin/effekt/betyg/?{period}")).decode()

    assert use[6] == "1"
    assert use[17:19] == ["4", "1"]
    assert "More labels" in words


def rate(here, number, created_at):
    """So many ratings of handovers in a municipality, given at the same moment."""
    school = SchoolFactory(municipality=here)
    listing = ListingFactory()
    for _number in range(number):
        Rating.objects.create(
            reservation=ReservationFactory(listing=listing, organisation=school, state="collected"),
            organisation=school,
            municipality=here,
            score=4,
            created_at=created_at,
        )


def test_a_rating_is_listed_on_the_swedish_day(client, steering, here):
    rate(here, 1, datetime(2026, 3, 5, 23, 30, tzinfo=UTC))

    assert list(table(client, "/admin/effekt/betyg/?period=2026")) == ["2026-03-06"]


def test_the_mean_of_the_ratings_is_written_in_the_readers_language(client, steering, here):
    rate(here, 1, datetime(2026, 3, 5, 12, tzinfo=UTC))
    rate(here, 1, datetime(2026, 3, 6, 12, tzinfo=UTC))
    Rating.objects.filter(created_at__day=6).update(score=5)
    UserProfile.objects.update(preferred_language="sv")

    assert (
        "2 svar, i genomsnitt 4,5 av 5"
        in client.get("/admin/effekt/betyg/?period=2026").content.decode()
    )


def test_ratings_are_listed_page_by_page_and_exported_in_whole(client, steering, here):
    rate(here, 101, datetime(2026, 3, 5, 12, tzinfo=UTC))
    address = "/admin/effekt/betyg/?period=2026"

    second = BeautifulSoup(client.get(f"{address}&p=2").content, "html.parser")
    exported = [row for row in csv_rows(client, address) if row and row[0] == "2026-03-05"]

    assert second.get_text().count("2026-03-05") == 1
    assert len(exported) == 101


def test_what_somebody_typed_is_no_formula_in_an_export(client, steering, hand_over):
    hand_over(name="=HYPERLINK(1)")

    rows = csv_rows(client, "/admin/effekt/organisationer/?period=2026")
    book = load_workbook(
        io.BytesIO(content(client.get("/admin/effekt/organisationer/?period=2026&export=xlsx")))
    )
    names = [cell.value for cell in book.worksheets[0]["A"]]
    kinds = {cell.data_type for cell in book.worksheets[0]["A"]}

    assert "'=HYPERLINK(1)" in [row[0] for row in rows if row]
    assert "=HYPERLINK(1)" in names
    assert kinds == {"s"}


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_is_a_spreadsheet_with_its_definitions(client, steering, hand_over, report):
    hand_over()

    address = f"/admin/effekt/{report}/?period=2026&export=xlsx"
    book = load_workbook(io.BytesIO(content(client.get(address))))
    notes = [[cell for cell in row if cell] for row in book.worksheets[1].values]

    assert len(book.worksheets) == 2
    assert any("2026-01-01" in str(note) for note in notes)
    assert ["Figure", "Unit", "Definition", "Source"] in notes


def test_a_csv_file_has_the_numbers_unrounded_and_the_definitions_below(
    client, steering, hand_over
):
    hand_over(kg="12.345")

    rows = csv_rows(client, "/admin/effekt/kommuner/?period=2026")

    named = dict(zip(rows[0], rows[1], strict=True))
    assert named["Material brokered (kg)"] == "12.345"
    assert [] in rows
    assert any(row and row[0] == "Climate effect, gross" and "cradle" in row[2] for row in rows)


def test_a_report_says_what_its_figures_mean(client, steering, here):
    page = content(client.get("/admin/effekt/kommuner/")).decode()

    with override("en"):
        assert str(figures.FIGURES["mass_kg"].definition) in page


def test_other_apps_add_figures_to_the_report_of_use(client, steering, here, monkeypatch):
    monkeypatch.setattr(figures_registry, "SOURCES", [])
    monkeypatch.setattr(figures_definitions, "FIGURES", figures.FIGURES)
    figures.add_figures(
        [Figure("lost", "Searches without result", "", "Searches that found nothing.")],
        lambda period, municipalities: {here.pk: {"lost": 3}},
        lambda period, municipalities: {"lost": 7 if None in municipalities else 3},
    )
    try:
        MunicipalityFactory(name="Bjuv")
        rows = table(client, "/admin/effekt/anvandning/")
    finally:
        del figures.FIGURES["lost"]

    assert rows["Klippan"][-1] == "3"
    assert rows["All together"][-1] == "7"


# --- Who sees what ------------------------------------------------------------------------------


@pytest.fixture
def two(hand_over, here, elsewhere):
    """A handover within each municipality, and one from each to the other."""
    hand_over(kg="40", name="Skolan i Klippan")
    hand_over(kg="10", to=elsewhere, name="Skolan i Svalöv")
    hand_over(kg="5", to=elsewhere, by=here, name="Andra skolan i Svalöv")
    hand_over(kg="3", to=here, by=elsewhere, name="Andra skolan i Klippan")


@pytest.mark.parametrize("report", ["", *(f"{each}/" for each in REPORTS)])
@pytest.mark.parametrize(
    "query",
    [
        "period=2026",
        "period=2026&kommun=1214",
        "period=2026&kommun=1276&kommun=1214",
        "period=2026&kommun=alla&mottagare=school",
        "period=2026&kommun=1214&export=csv",
        "period=2026&export=xlsx",
        "period=nonsense&kommun=1214",
    ],
)
def test_a_coordinator_never_sees_another_municipality(client, two, here, report, query):
    signed_in(client, "coordinator", coordinates=[here])

    response = client.get(f"/admin/effekt/{report}?{query}")
    seen = content(response)
    if "export=xlsx" in query and report:
        book = load_workbook(io.BytesIO(seen))
        seen = str([list(sheet.values) for sheet in book.worksheets]).encode()

    assert "Svalöv".encode() not in seen


@pytest.mark.parametrize("report", REPORTS)
def test_nor_in_the_part_that_filters_fetch(client, two, here, report):
    signed_in(client, "coordinator", coordinates=[here])

    seen = content(client.get(f"/admin/effekt/{report}/tabell/?period=2026&kommun=1214"))

    assert "Svalöv".encode() not in seen


def test_a_coordinator_sees_the_own_municipality(client, two, here):
    signed_in(client, "coordinator", coordinates=[here])

    rows = table(client, "/admin/effekt/kommuner/?period=2026")

    assert {name: cells[0] for name, cells in rows.items()} == {"Klippan": "43 kg"}


def test_a_coordinator_of_two_sees_both(client, two, here, elsewhere):
    signed_in(client, "coordinator", coordinates=[here, elsewhere])

    assert set(table(client, "/admin/effekt/kommuner/?period=2026")) == {
        "Klippan",
        "Svalöv",
        "All together",
    }


def test_a_coordinator_of_none_sees_nothing(client, two):
    signed_in(client, "coordinator")

    for address in ("/admin/effekt/kommuner/?period=2026", "/admin/effekt/"):
        response = client.get(address, follow=True)
        assert response.status_code == 403
        assert "Klippan" not in response.content.decode()


def test_the_steering_group_sees_all_also_a_member_who_coordinates(client, two, here):
    signed_in(client, "steering_group", "coordinator", coordinates=[here])

    assert "Svalöv" in table(client, "/admin/effekt/kommuner/?period=2026")


@pytest.mark.parametrize("roles", [["communicator"], []])
@pytest.mark.parametrize("report", ["", *(f"{each}/" for each in [*REPORTS, "kostnader"])])
def test_others_do_not_get_in(client, roles, report):
    signed_in(client, *roles)

    response = client.get(f"/admin/effekt/{report}")

    assert response.status_code == 302
    assert "/admin/" in response.url


def test_the_steering_group_can_change_nothing(client, steering, hand_over):
    handover = hand_over()

    assert client.get(f"/admin/overlamningar/{handover.pk}/ratta/").status_code in (302, 403)
    assert client.get("/admin/effekt/omrakningar/ny/").status_code in (302, 403)
    assert client.get("/admin/snippets/marketplace/costsharing/add/").status_code in (302, 403)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_menu_leads_to_what_one_may_read(client, here, language):
    user = signed_in(client, "coordinator", coordinates=[here])
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})

    page = content(client.get("/admin/effekt/")).decode()

    assert "/admin/effekt/kommuner/" in page
    assert "/admin/sokningar/" in page
    assert "/admin/effekt/kostnader/" not in page
    assert "/admin/localize/reports/translations/" not in page
    assert "/admin/reports/site-history/" not in page


# --- Dashboard and yearly report ----------------------------------------------------------------


def test_the_dashboard_has_a_table_with_the_numbers_of_the_chart(client, steering, hand_over):
    hand_over(kg="40")

    soup = BeautifulSoup(content(client.get("/admin/effekt/?period=2026")), "html.parser")

    assert soup.select_one("svg[role=img] title").get_text()
    rows = [row.get_text(" ", strip=True) for row in soup.select("tr")]
    assert any("March 2026" in row and "40" in row for row in rows)


def pdf_text(data):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_the_yearly_report_has_the_years_figures(client, steering, hand_over):
    hand_over(kg="40")
    hand_over(kg="7", on=date(2025, 5, 5))

    response = client.get("/admin/effekt/arsrapport/1276/2026.pdf")
    text = pdf_text(content(response))

    assert response["Content-Type"] == "application/pdf"
    assert "Klippan" in text
    assert "40\xa0kg" in text or "40 kg" in text
    assert "Wellpapp" in text


def test_a_coordinator_cannot_fetch_another_municipalitys_yearly_report(client, two, here):
    signed_in(client, "coordinator", coordinates=[here])

    assert client.get("/admin/effekt/arsrapport/1276/2026.pdf").status_code == 200
    assert client.get("/admin/effekt/arsrapport/1214/2026.pdf").status_code == 404
    assert client.get("/admin/effekt/arsrapport/alla/2026.pdf").status_code == 404


def test_a_year_that_has_not_been_has_no_report(client, steering, hand_over):
    hand_over()

    assert client.get("/admin/effekt/arsrapport/1276/1999.pdf").status_code == 404
    assert client.get("/admin/effekt/arsrapport/1276/2999.pdf").status_code == 404


def test_recomputing_is_previewed_done_logged_and_reverted(client, hand_over):
    client.force_login(
        english(SuperuserFactory()), backend="django.contrib.auth.backends.ModelBackend"
    )
    handover = hand_over(kg="40")
    factor = handover.category.factors.get()
    factor.kgco2e_per_kg = Decimal(5)
    factor.save()
    asked = {"first_day": "2026-01-01", "last_day": "2026-12-31", "reason": "Better source"}

    preview = client.post("/admin/effekt/omrakningar/ny/", asked)
    seen = BeautifulSoup(preview.content, "html.parser").find("button", {"name": "seen"})["value"]
    unchanged = figures.totals(figures.handovers())["co2e_kg"]
    client.post("/admin/effekt/omrakningar/ny/", asked | {"seen": seen})
    changed = figures.totals(figures.handovers())["co2e_kg"]
    log = content(client.get("/admin/effekt/omrakningar/")).decode()
    (revaluation,) = handover.replaced_by.revaluation.__class__.objects.all()
    client.post(f"/admin/effekt/omrakningar/{revaluation.pk}/aterstall/", {"reason": "Too early"})

    assert (unchanged, changed) == (100, 200)
    assert "Better source" in log
    assert figures.totals(figures.handovers())["co2e_kg"] == 100


def test_a_difference_that_is_no_longer_true_is_shown_again(client, hand_over):
    client.force_login(
        english(SuperuserFactory()), backend="django.contrib.auth.backends.ModelBackend"
    )
    handover = hand_over(kg="40")
    factor = handover.category.factors.get()
    factor.kgco2e_per_kg = Decimal(5)
    factor.save()
    asked = {"first_day": "2026-01-01", "last_day": "2026-12-31", "reason": "Better source"}

    response = client.post("/admin/effekt/omrakningar/ny/", asked | {"seen": "2 1 1 1"})

    assert "The ledger has changed" in response.content.decode()
    assert figures.totals(figures.handovers())["co2e_kg"] == 100


def many_handovers(pattern, count):
    """So many more rows like `pattern`, between ten givers and ten receivers of ten places."""
    places = MunicipalityFactory.create_batch(10)
    givers = Organisation.objects.bulk_create(
        CompanyFactory.build(municipality=place) for place in places
    )
    receivers = Organisation.objects.bulk_create(
        SchoolFactory.build(municipality=place) for place in places
    )
    same = {
        field.attname: getattr(pattern, field.attname)
        for field in Handover._meta.concrete_fields
        if not (field.primary_key or field.one_to_one)
    }
    Handover.objects.bulk_create(
        Handover(
            **same
            | {
                "giver_id": givers[number % 10].pk,
                "giver_municipality_id": places[number % 10].pk,
                "receiver_id": receivers[number // 10 % 10].pk,
                "receiver_municipality_id": places[number // 10 % 10].pk,
                "handed_over_on": date(2026, 1 + number % 6, 1 + number % 28),
            }
        )
        for number in range(count)
    )


def test_the_number_of_queries_does_not_grow(client, steering, hand_over):
    CostSharing.objects.create(year=2026, cost_sek=1000)
    addresses = [
        *(f"/admin/effekt/{report}/?period=2026" for report in [*REPORTS, "kostnader"]),
        *(f"/admin/effekt/{report}/?period=2026&export=csv" for report in REPORTS),
        "/admin/effekt/?period=2026",
        "/admin/marketplace/handover/",
        "/effekt/?period=2026",
        "/effekt/data.csv",
        "/effekt/data.json",
        "/api/v1/figures",
        "/api/v1/figures/municipalities",
        "/api/v1/figures/rows",
    ]

    def asked(address):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            content(client.get(address))
        return len(queries)

    pattern = hand_over()
    many_handovers(pattern, 9)
    # The first visit learns what the process remembers, such as the languages.
    for address in addresses:
        asked(address)
    few = {address: asked(address) for address in addresses}
    many_handovers(pattern, 190)

    assert {address: asked(address) for address in addresses} == few
