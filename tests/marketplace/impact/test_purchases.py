"""What receivers report that they bought, by form and by spreadsheet."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from marketplace.impact.purchase_imports.models import PurchaseImport
from marketplace.impact.purchases.models import PurchaseReport
from tests.factories import CategoryFactory, CompanyFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/en/mitt/inkop/?termin=vt2026"


@pytest.fixture
def wood():
    """Wood costs 40 SEK per kilogram."""
    return CategoryFactory(name="Trä", slug="tra")


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def teacher(client, school):
    user = MembershipFactory(organisation=school).user
    client.force_login(user)
    return user


def save(client, wood, kg="", sek=""):
    data = {"save": "1", f"c{wood.pk}-mass_kg": kg, f"c{wood.pk}-cost_sek": sek}
    return client.post(ADDRESS, data)


@pytest.fixture
def upload(client, django_capture_on_commit_callbacks):
    """Sends a spreadsheet and returns the page that shows how it was understood."""

    def upload(content, name="inkop.csv"):
        content = content if isinstance(content, bytes) else content.encode()
        file = SimpleUploadedFile(name, content)
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(ADDRESS, {"upload": "1", "file": file})
        return client.get(response["Location"]) if response.status_code == 302 else response

    return upload


@pytest.fixture
def decide(client, django_capture_on_commit_callbacks):
    def decide(**data):
        pk = PurchaseImport.objects.get().pk
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"/en/mitt/inkop/fil/{pk}/svar/", data, follow=True)

    return decide


def xlsx(*rows):
    book = Workbook()
    for row in [("Material", "Kilo", "Kronor"), *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_kilograms_are_enough(client, teacher, school, wood):
    save(client, wood, kg="12,5")

    report = PurchaseReport.objects.get()
    assert (report.organisation, report.year, report.term) == (school, 2026, "vt")
    assert (report.mass_kg, report.cost_sek) == (Decimal("12.5"), Decimal(500))
    assert (report.mass_estimated, report.cost_estimated) == (False, True)


def test_kronor_are_enough(client, teacher, wood):
    save(client, wood, sek="100")

    report = PurchaseReport.objects.get()
    assert (report.mass_kg, report.mass_estimated) == (Decimal("2.5"), True)


def test_saving_again_changes_the_report_instead_of_adding_to_it(client, teacher, wood):
    save(client, wood, kg="10")
    save(client, wood, kg="20", sek="700")

    assert PurchaseReport.objects.get().mass_kg == 20


def test_emptying_a_row_takes_it_out_of_the_report(client, teacher, wood):
    save(client, wood, kg="10")
    save(client, wood)

    assert not PurchaseReport.objects.exists()


@pytest.mark.parametrize("amount", ["0", "-3", "many", "1e99", "NaN"])
def test_an_amount_that_is_none_is_explained_and_nothing_saved(client, teacher, wood, amount):
    response = save(client, wood, kg=amount)

    assert b"field__error" in response.content
    assert not PurchaseReport.objects.exists()


def test_what_was_reported_is_there_the_next_time(client, teacher, wood):
    save(client, wood, kg="12,5")

    assert b'value="12,5"' in client.get(ADDRESS).content


def test_what_the_portal_computed_is_not_put_into_the_form(client, teacher, wood):
    save(client, wood, kg="12,5")

    assert b'value="500' not in client.get(ADDRESS).content


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_file_is_read_whatever_divides_it(upload, decide, teacher, wood, delimiter):
    rows = [["Material", "Kilo", "Kronor"], ["Trä", "3", "90"]]

    upload("\n".join(delimiter.join(row) for row in rows))
    decide(action="confirm")

    assert PurchaseReport.objects.get().cost_sek == 90


def test_a_csv_file_of_an_old_excel_is_read(upload, decide, teacher, wood):
    upload("Material;Kilo;Kronor\nTrä;1,5;\n".encode("cp1252"))
    decide(action="confirm")

    assert PurchaseReport.objects.get().mass_kg == Decimal("1.5")


def test_a_spreadsheet_is_read(upload, decide, teacher, wood):
    upload(xlsx(("Trä", 7.5, None)), "inkop.xlsx")
    decide(action="confirm")

    assert PurchaseReport.objects.get().mass_kg == Decimal("7.5")


def test_the_errors_of_a_spreadsheet_name_row_and_column_and_nothing_is_saved(
    upload, decide, teacher, wood
):
    response = upload(xlsx(("Trä", 7, None), ("Guld", 1, None), ("tra", "many", None)))

    text = response.content.decode()
    assert "Row 3, column “Material”" in text
    assert "Row 4, column “Kilo” (B4)" in text
    assert not PurchaseReport.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 broken", b"\x00\x01\x02", b"Material;Kilo;Kronor\n", b"\xff\xd8\xff\xe0"],
)
def test_a_file_that_is_no_report_is_refused_with_a_reason(upload, decide, teacher, wood, content):
    response = upload(content)

    assert response.status_code == 200
    assert b"alert--error" in response.content or b"field__error" in response.content
    assert not PurchaseReport.objects.exists()


def test_a_bomb_is_not_unpacked(upload, decide, teacher, wood):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (41 * 1024 * 1024))

    response = upload(buffer.getvalue(), "inkop.xlsx")

    assert "too large to be read" in response.content.decode()


def test_a_file_with_too_many_rows_is_refused(upload, decide, teacher, wood):
    response = upload("Material;Kilo;Kronor\n" + "Trä;1;\n" * 600)

    assert "more than 500 rows" in response.content.decode()


def test_the_empty_spreadsheet_names_every_material(client, teacher, wood):
    content = client.get("/en/mitt/inkop/mall.xlsx").content

    sheet = load_workbook(io.BytesIO(content)).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["Material", "Trä"]


def test_a_company_has_nothing_to_report(client):
    client.force_login(MembershipFactory(organisation=CompanyFactory()).user)

    assert client.get(ADDRESS).status_code == 403
    assert client.get("/en/mitt/inkop/mall.xlsx").status_code == 403


def test_one_school_never_sees_what_another_bought(client, teacher, wood):
    other = SchoolFactory()
    PurchaseReport.objects.create(
        organisation=other,
        municipality=other.municipality,
        year=2026,
        term="vt",
        category=wood,
        mass_kg=Decimal("77.5"),
        cost_sek=Decimal(1),
    )

    assert b"77,5" not in client.get(ADDRESS).content


def test_nothing_is_reported_before_somebody_has_seen_how_it_was_understood(
    upload, decide, teacher, wood
):
    page = upload(xlsx(("tra", 1200.5, 90)), "inkop.xlsx").content.decode()
    assert "1,200.5 kg" in page
    assert not PurchaseReport.objects.exists()

    decide(action="confirm")

    assert PurchaseReport.objects.get().mass_kg == Decimal("1200.5")


def test_confirming_twice_reports_once(upload, decide, teacher, wood):
    upload(xlsx(("Trä", 7, None)), "inkop.xlsx")
    decide(action="confirm")
    PurchaseReport.objects.update(mass_kg=1)

    decide(action="confirm")

    assert PurchaseReport.objects.get().mass_kg == 1


def test_own_columns_of_purchases_are_chosen_by_hand(upload, decide, teacher, wood):
    page = upload("Konto;Vara;Vad det vägde\n4010;Trä;3\n")
    assert "The column “Material” is missing." in page.content.decode()

    decide(action="answer", column0="", column1="material", column2="mass_kg")
    decide(action="confirm")

    assert PurchaseReport.objects.get().mass_kg == 3


def test_a_file_without_amounts_asks_which_column_they_are_in(upload, decide, teacher, wood):
    page = upload("Material;Vad det vägde\nTrä;3\n")
    assert "neither kilograms nor kronor" in page.content.decode()

    decide(action="answer", column0="material", column1="mass_kg")
    decide(action="confirm")

    assert PurchaseReport.objects.get().mass_kg == 3


def test_what_has_no_amount_in_the_file_is_not_reported(upload, decide, teacher, wood):
    paper = CategoryFactory(name="Papper")
    upload(xlsx(("Trä", None, None), (paper.name, 2, None)), "inkop.xlsx")
    decide(action="confirm")

    assert [report.category for report in PurchaseReport.objects.all()] == [paper]


def test_an_amount_below_nothing_is_pointed_out_in_its_cell(upload, decide, teacher, wood):
    page = upload(xlsx(("Trä", -1, None)), "inkop.xlsx")
    decide(action="confirm")

    assert "Row 2, column “Kilo” (B2)" in page.content.decode()
    assert not PurchaseReport.objects.exists()


def test_nothing_is_reported_once_a_material_of_the_file_is_gone(upload, decide, teacher, wood):
    paper = CategoryFactory(name="Papper")
    upload(xlsx(("Trä", 7, None), (paper.name, 2, None)), "inkop.xlsx")
    read = PurchaseImport.objects.get()
    paper.delete()

    decide(action="confirm")

    assert read.can_be_confirmed
    assert not PurchaseReport.objects.exists()


def test_a_point_before_three_figures_is_asked_about(client, upload, teacher, wood):
    page = upload("Material;Kilo\nTrä;1.200\n")
    assert "(B2): 1.200 may be 1200 or 1,2" in page.content.decode()

    assert "1.200 may be 1200 or 1,2" in save(client, wood, kg="1.200").content.decode()
    assert not PurchaseReport.objects.exists()


def test_an_import_is_seen_by_its_own_school_only(client, upload, teacher, wood):
    upload(xlsx(("Trä", 7, None)), "inkop.xlsx")
    address = f"/en/mitt/inkop/fil/{PurchaseImport.objects.get().pk}/"
    assert client.get(address).status_code == 200

    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)

    assert client.get(address).status_code == 404
    assert client.post(f"{address}svar/", {"action": "confirm"}).status_code == 404
