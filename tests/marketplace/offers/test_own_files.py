"""People's own spreadsheets become listings as they were meant, or are asked about."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.offers.imports.models import ListingImport, ListingImportRow
from marketplace.spreadsheets.models import ColumnChoice
from tests.factories import CategoryFactory, CompanyFactory, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
IMPORTS = "/mitt/material/fil/"
FILES = Path(__file__).parents[2] / "portal" / "foundation" / "spreadsheets" / "files"
HEADING = ["Rubrik", "Sorts material", "Antal", "Enhet", "Kg per styck"]
ROW = ["Papprör", "Wellpapp", "12", "stycken", "0,25"]


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel("2026-11-28 12:00+01:00", tick=True):
        yield


@pytest.fixture
def company():
    CategoryFactory(name="Wellpapp")
    CategoryFactory(name="Trä")
    return CompanyFactory(address="Hamngatan 1", town="Bjuv")


@pytest.fixture
def giver(client, company):
    user = MembershipFactory(organisation=company).user
    client.force_login(user)
    return user


@pytest.fixture
def send(client, giver, django_capture_on_commit_callbacks):
    """Sends a file and returns the page that shows what became of it."""

    def send(content, name="lager.xlsx"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(IMPORTS, {"file": SimpleUploadedFile(name, content)})
        return client.get(answer["Location"])

    return send


@pytest.fixture
def decide(client, django_capture_on_commit_callbacks):
    def decide(**data):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(f"{IMPORTS}{ListingImport.objects.get().pk}/svar/", data)
        return client.get(answer["Location"]) if answer.status_code == 302 else answer

    return decide


def text(page):
    main = BeautifulSoup(page.content, "html.parser").find("main")
    return " ".join(main.get_text(" ", strip=True).split())


def xlsx(*rows, heading=HEADING):
    book = Workbook()
    for row in [heading, *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "title", "offered", "kg"),
    [
        ("dimension-a1.xlsx", "Pappersrör", "12", "0.25"),
        ("blank-formatted-rows.xlsx", "Pappersrör", "12", "0.25"),
        ("blank-rows.csv", "Pappersrör", "12", "0.25"),
        ("float-noise.xlsx", "Brädor", "0.3", "6.3"),
        ("formula-many-decimals.xlsx", "Brädor", "12", "1.7143"),
        ("csv-mac_roman.csv", "Pappersrör och lådor", "12", "0.25"),
        ("csv-cp850.csv", "Pappersrör och lådor", "12", "0.25"),
        ("sep-line.csv", "Pappersrör", "12", "0.25"),
        ("unicode-text.txt", "Pappersrör", "12", "0.25"),
        ("hidden-first-sheet.xlsx", "Pappersrör", "12", "0.25"),
        ("nfd-category.xlsx", "Brädor", "3", "1"),
        ("nfd-heading.xlsx", "Brädor", "3", "1"),
        ("strict-ooxml.xlsx", "Pappersrör", "12", "0.25"),
        ("heading-line-break.xlsx", "Pappersrör", "12", "0.25"),
        ("title-above.xlsx", "Pappersrör", "12", "0.25"),
        ("extra-column.xlsx", "Pappersrör", "12", "0.25"),
        ("boolean.xlsx", "A", "1", "1"),
        ("carriage-return.xlsx", "Papprör långa", "12", "0.25"),
        ("vertical-tab.csv", "Papprör långa", "12", "0.25"),
        ("date-yymmdd.csv", "Papprör", "12", "0.25"),
        ("date-yymmdd.xlsx", "Papprör", "12", "0.25"),
    ],
)
def test_a_file_that_excel_opens_becomes_a_listing(send, decide, name, title, offered, kg):
    page = send((FILES / name).read_bytes(), name)
    assert "1 annons är redo" in text(page)

    decide(drafts="1")

    stock = Stock.objects.get()
    assert stock.listing.title == title
    assert (stock.offered, stock.kg_per_unit) == (Decimal(offered), Decimal(kg))


@pytest.mark.parametrize("name", ["date-yymmdd.csv", "date-yymmdd.xlsx"])
def test_six_figures_are_a_day_of_this_century_and_shown_in_words(send, decide, name):
    page = send((FILES / name).read_bytes(), name)

    assert "Till och med 31 maj 2027" in text(page)
    decide(drafts="1")
    assert str(MaterialListing.objects.get().available_until) == "2027-05-31"


def test_a_number_with_two_meanings_is_asked_about(send):
    page = send((FILES / "thousands-dot.csv").read_bytes(), "lager.csv")

    assert "Rad 2, kolumn ”Antal” (C2): 1.200 kan vara 1200 eller 1,2" in text(page)
    assert not ListingImport.objects.get().can_be_confirmed


def test_a_formula_without_a_result_is_named_by_its_cell(send):
    page = send((FILES / "formula-without-value.xlsx").read_bytes())

    assert "(C2): formeln har inget resultat" in text(page)


def test_every_column_of_the_file_is_shown_as_it_was_understood(send):
    heading = [*HEADING, "Skick", "Får delas", "Mått", "Sökord"]

    page = send(
        xlsx(["Rör", "wellpapp", 1200, "st.", 0.25, "", True, "10 cm", "a;b"], heading=heading)
    )

    words = text(page).replace("\xa0", " ")
    for said in ("Wellpapp", "1 200 stycken", "0,25 kg", "Ja", "10 cm", "a, b"):
        assert said in words


def test_a_part_of_a_piece_is_remarked_upon(send):
    page = send((FILES / "float-noise.xlsx").read_bytes())

    assert "C2 är inte ett helt antal" in text(page)


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("st.", "st"),
        ("styck", "st"),
        ("kvm", "m2"),
        ("par", "par"),
        ("Pallar", "pall"),
        ("m³", "m3"),
    ],
)
def test_a_unit_is_read_as_people_write_it(send, written, unit):
    send(xlsx(["Rör", "Wellpapp", 3, written, 1]))

    row = ListingImportRow.objects.get()
    assert row.is_right, row.problems


@pytest.mark.parametrize("day", ["2705-03-01", "2031-12-01", "20991231"])
def test_a_day_that_nobody_can_mean_is_refused(send, day):
    page = send(xlsx([*ROW, day], heading=[*HEADING, "Sista dag"]))

    assert "(F2)" in text(page)
    assert not ListingImport.objects.get().can_be_confirmed


def test_a_row_that_nobody_could_fetch_is_named(send, company):
    company.address = company.town = ""
    company.save()
    heading = [*HEADING, "Hämtadress"]

    page = send(xlsx([*ROW, ""], [*ROW, "Kajgatan 4"], heading=heading))

    assert "Rad 2: skriv hämtadressen" in text(page)
    right = ListingImportRow.objects.order_by("number").values_list("is_right", flat=True)
    assert list(right) == [False, True]


def test_an_own_column_is_not_used_and_said_so(send):
    page = send((FILES / "extra-column.xlsx").read_bytes())

    assert "Kolumnen ”Anteckning” används inte" in text(page)
    assert ListingImport.objects.get().can_be_confirmed


def test_own_headings_are_chosen_by_hand_and_remembered(send, decide, client):
    heading = ["Namn", "Materialtyp", "Hur många", "Räknas i", "Kg per styck"]

    page = send(xlsx(ROW, heading=heading))
    assert "Kolumnen ”Rubrik” saknas" in text(page)
    page = decide(
        action="answer",
        column0="title",
        column1="category",
        column2="quantity",
        column3="unit",
        column4="kg_per_unit",
    )
    assert "1 annons är redo" in text(page)
    decide(action="remove")

    assert "1 annons är redo" in text(send(xlsx(ROW, heading=heading)))
    assert ColumnChoice.objects.filter(heading="namn", column="title").count() == 1


def test_an_error_names_the_heading_that_stands_in_the_file(send, decide):
    send(xlsx(["Rör", "Wellpapp", "många", "st", 1], heading=["Namn", *HEADING[1:]]))

    page = decide(
        action="answer",
        column0="title",
        column1="category",
        column2="quantity",
        column3="unit",
        column4="kg_per_unit",
    )

    assert "Rad 2, kolumn ”Antal” (C2)" in text(page)


def test_a_choice_of_columns_that_leaves_one_out_is_explained(send, decide):
    send(xlsx(ROW, heading=["Namn", *HEADING[1:]]))

    page = decide(action="answer", column1="category", column2="quantity", column3="unit")

    assert "Välj en kolumn för: Rubrik." in text(page)
    assert not ColumnChoice.objects.exists()


@pytest.mark.parametrize(
    ("heading", "state"),
    [
        (["Namn", *HEADING[1:4]], "asking"),
        # Nothing is there to be chosen, or too little.
        (["Skick", *HEADING[1:4]], "failed"),
        (["Namn", *HEADING[2:4]], "failed"),
    ],
)
def test_columns_are_asked_about_where_an_answer_would_help(send, heading, state):
    send(xlsx(ROW[: len(heading)], heading=heading))

    assert ListingImport.objects.get().state == state


def test_what_a_heading_means_in_purchases_means_nothing_in_listings(send, company):
    ColumnChoice.objects.create(
        organisation=company, subject="purchases", heading="namn", column="title"
    )

    page = send(xlsx(ROW, heading=["Namn", *HEADING[1:]]))

    assert "Kolumnen ”Rubrik” saknas" in text(page)


def test_what_one_company_has_chosen_means_nothing_to_another(send, decide, client):
    ColumnChoice.objects.create(
        organisation=CompanyFactory(), subject="listings", heading="namn", column="title"
    )

    page = send(xlsx(ROW, heading=["Namn", *HEADING[1:]]))

    assert "Kolumnen ”Rubrik” saknas" in text(page)


def test_letters_that_may_be_read_in_several_ways_are_asked_about(send, decide):
    content = b"Rubrik;Sorts material;Antal;Enhet;Kg per styck\r\n\x8f;Wellpapp;3;st;1\r\n"

    page = send(content, "lager.csv")
    assert "Vilken rad är rätt?" in text(page)
    page = decide(action="answer", encoding="cp850")

    assert "1 annons är redo" in text(page)
    assert ListingImportRow.objects.get().values["title"] == "Å"


def test_two_columns_of_the_same_kind_are_named(send):
    page = send(xlsx([*ROW, 3], heading=[*HEADING, "antal"]))

    assert "C1 och F1" in text(page)
