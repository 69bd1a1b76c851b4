"""What leaves the admin as CSV opens in Excel in the right letters, and never as a formula."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.impact.collaborations.models import Collaboration
from marketplace.listings.models import MaterialListing
from marketplace.organisations.models import Organisation
from marketplace.roles.models import Role
from marketplace.roles.services import give_role
from portal.foundation.audit.models import AuditEvent
from portal.foundation.exports.sheets import harmless
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("https://evil.example")'


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff20"])
def test_whatever_may_begin_a_formula_is_written_as_text(sign):
    assert harmless("Trä") == "Trä"
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


def exported(client, address):
    return b"".join(client.get(f"{address}?export=csv").streaming_content)


@pytest.mark.parametrize(
    "address",
    [
        "/admin/snippets/marketplace/materiallisting/",
        "/admin/snippets/marketplace/organisation/",
        "/admin/marketplace/reservation/",
    ],
)
def test_what_people_write_is_no_formula_in_a_spreadsheet(client, address):
    call_command("setup_portal", verbosity=0)
    listing = ListingFactory(title=FORMULA)
    listing.organisation.name = FORMULA
    listing.organisation.save()
    ReservationFactory(listing=listing)
    client.force_login(SuperuserFactory(), backend="django.contrib.auth.backends.ModelBackend")

    content = exported(client, address)

    assert content.startswith("\ufeff".encode())
    cell = FORMULA.replace('"', '""')
    assert f'"\'{cell}"' in content.decode()
    assert f'"{cell}"' not in content.decode()


def test_an_export_is_in_the_language_of_its_reader(client):
    call_command("setup_portal", verbosity=0)
    ListingFactory()
    reader = SuperuserFactory()
    UserProfile.objects.create(user=reader, preferred_language="en")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")

    content = exported(client, "/admin/snippets/marketplace/materiallisting/").decode()

    assert content.startswith("\ufeffNumber,Title,Organisation,")


# --- What a reader of the file meets --------------------------------------------------------------


@pytest.fixture
def swedish(client):
    """A reader of Swedish with a listing, a handover, a collaboration and a wanted ad to export."""
    call_command("setup_portal", verbosity=0)
    handover = record_handover(
        listing=ListingFactory(),
        receiver=SchoolFactory(),
        facts=HandoverFacts(
            quantity=2, mass_kg=Decimal("1234.5"), would_have_bought="yes", on=date(2026, 3, 5)
        ),
    )
    reader = SuperuserFactory()
    UserProfile.objects.create(user=reader, preferred_language="sv")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    return handover


def workbook(client, address):
    response = client.get(f"{address}?export=xlsx")
    return load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def rows_of_csv(content, separator):
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


HANDOVERS = "/admin/marketplace/handover/"


def test_a_csv_file_opens_in_columns_in_swedish_excel(client, swedish):
    [row] = rows_of_csv(exported(client, HANDOVERS), ";")

    assert row["Vikt i kg"] == "1234,500"
    assert row["Enhet"] == "stycken"


def test_the_other_dialect_is_there_for_programs(client, swedish):
    content = b"".join(client.get(f"{HANDOVERS}?export=csv_other").streaming_content)

    [row] = rows_of_csv(content, ",")
    assert row["Vikt i kg"] == "1234.500"


def test_both_dialects_can_be_chosen_on_the_page(client, swedish):
    for address in (HANDOVERS, "/admin/snippets/marketplace/materiallisting/"):
        page = client.get(address).content.decode()

        assert "Ladda ner CSV (komma, decimalpunkt)" in page
        assert "export=csv_other" in page


def test_values_are_words_and_times_those_of_the_clock_here(client, swedish):
    Organisation.objects.filter(pk=swedish.giver_id).update(
        created_at=datetime(2026, 7, 1, 7, 15, tzinfo=UTC)
    )

    rows = rows_of_csv(exported(client, "/admin/snippets/marketplace/organisation/"), ";")

    row = next(each for each in rows if each["Namn"] == swedish.giver.name)
    assert {"Företag", "Godkänd", "Nej"} <= set(row.values())
    assert "2026-07-01 09:15" in row.values()


def test_a_workbook_is_ready_to_work_with(client, swedish):
    book = workbook(client, HANDOVERS)

    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["C"].width >= len(str(sheet["C2"].value))
    headings = [cell.value for cell in sheet[1]]
    mass = headings.index("Vikt i kg")
    assert sheet.cell(2, mass + 1).value == 1234.5
    assert (sheet.cell(3, 1).value, sheet.cell(3, mass + 1).value) == ("Totalt", 1234.5)
    assert "Definitioner" in book.sheetnames


def test_a_control_character_in_a_title_does_not_stop_an_export(client, swedish):
    MaterialListing.objects.update(title="Rör\x0blånga")

    sheet = workbook(client, "/admin/snippets/marketplace/materiallisting/").worksheets[0]

    assert "Rör långa" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_text_is_never_a_formula_in_a_workbook(client, swedish):
    MaterialListing.objects.update(title=FORMULA)

    sheet = workbook(client, "/admin/snippets/marketplace/materiallisting/").worksheets[0]

    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == FORMULA]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize(
    "address",
    [
        "/admin/snippets/marketplace/collaboration/",
        "/admin/snippets/marketplace/wantedad/",
        "/admin/snippets/marketplace/idea/",
        "/admin/snippets/marketplace/municipality/",
        "/admin/snippets/marketplace/materialcategory/",
        "/admin/snippets/marketplace/climatefactor/",
        "/admin/marketplace/reservation/",
        "/admin/marketplace/note/",
        "/admin/post_office/email/",
        "/admin/retention/",
        "/admin/users/",
        "/admin/effekt/kommuner/",
    ],
)
def test_every_list_has_both_kinds_of_file(client, swedish, address):
    headings = [cell.value for cell in workbook(client, address).worksheets[0][1]]
    line = exported(client, address).decode("utf-8-sig").splitlines()[0]

    assert line.split(";")[0].strip('"') == headings[0]
    assert all(heading and "_" not in heading for heading in headings)


def test_an_export_is_written_to_the_audit_trail(client, swedish):
    exported(client, HANDOVERS)

    event = AuditEvent.objects.filter(type="exported").latest("pk")
    assert "handover" in event.detail["what"]
    assert AuditEvent.objects.filter(type="exported").count() == 1


def test_a_coordinators_export_names_nobody_of_another_municipality(client):
    call_command("setup_portal", verbosity=0)
    own, other = CompanyFactory(name="Egna AB"), SchoolFactory(name="Andra skolan")
    Collaboration.objects.create(
        company=own, partner=other, started_on=date(2026, 3, 1), note="Besök på Andra skolan"
    )
    coordinator = UserFactory()
    give_role(user=coordinator, role=Role.COORDINATOR, municipalities=[own.municipality])
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")

    content = exported(client, "/admin/snippets/marketplace/collaboration/").decode()

    assert "Egna AB" in content
    assert "Andra skolan" not in content
