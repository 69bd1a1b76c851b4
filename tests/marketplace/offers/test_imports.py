"""Several listings at once from a spreadsheet: all or nothing, and every error named."""

import io
import tracemalloc
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.notifications.models import Notification
from marketplace.offers.imports import services as imports_services
from marketplace.offers.imports.models import ListingImport, ListingImportRow
from marketplace.offers.imports.services import (
    CannotConfirm,
    confirm_import,
    create_listings,
    requeue_stalled_imports,
)
from marketplace.safety.answers import QUESTIONS
from marketplace.safety.rules import fits_from
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
IMPORTS = "/mitt/material/fil/"
HEADING = ["Rubrik", "Sorts material", "Antal", "Enhet", "Kg per styck"]
ROW = ["Papprör", "Papp", "12", "stycken", "0,4"]


@pytest.fixture
def company():
    CategoryFactory(name="Papp")
    return CompanyFactory(address="Hamngatan 1", town="Bjuv")


@pytest.fixture
def giver(client, company):
    user = MembershipFactory(organisation=company).user
    client.force_login(user)
    return user


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Runs what waits for the commit, and what that leads to, as soon as the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def xlsx(*rows, heading=HEADING):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [heading, *rows]:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("lager.xlsx", buffer.getvalue())


def send(client, commits, file):
    """The page that answers when a file has been sent and read."""
    with commits():
        response = client.post(IMPORTS, {"file": file})
    return client.get(response["Location"]) if response.status_code == 302 else response


def say_yes(client, commits, **data):
    batch = ListingImport.objects.get()
    with commits():
        client.post(f"{IMPORTS}{batch.pk}/svar/", data)
    batch.refresh_from_db()
    return batch


def text(response):
    return BeautifulSoup(response.content, "html.parser").find("main").get_text(" ", strip=True)


def test_the_template_can_be_filled_in_and_sent(client, giver, commits):
    book = load_workbook(io.BytesIO(client.get(f"{IMPORTS}mall.xlsx").content))
    book.active.append(["Papprör", "Papp", 12, "stycken", 0.4, "Gott skick"])
    buffer = io.BytesIO()
    book.save(buffer)

    page = send(client, commits, SimpleUploadedFile("mall.xlsx", buffer.getvalue()))

    assert "1 annons är redo" in text(page)
    assert [sheet.title for sheet in book] == ["Annonser", "Val"]
    starred = [cell.value for cell in book.active[1] if cell.value.endswith(" *")]
    assert starred == ["Rubrik *", "Kategori *", "Antal *", "Enhet *"]


def test_nothing_is_made_before_somebody_says_yes(client, giver, commits):
    send(client, commits, xlsx(ROW))

    assert not MaterialListing.objects.exists()


def test_a_confirmed_file_becomes_listings_that_wait_for_an_editor(client, giver, company, commits):
    send(client, commits, xlsx(ROW, ["Plank", "Papp", "2,5", "kg", ""]))

    batch = say_yes(client, commits)

    tubes = MaterialListing.objects.get(title="Papprör")
    assert (batch.state, batch.done) == ("done", 2)
    assert (tubes.organisation, tubes.pickup_address, tubes.live) == (company, "Hamngatan 1", False)
    assert (tubes.stock.offered, tubes.stock.unit, str(tubes.stock.kg_per_unit)) == (
        12,
        "st",
        "0.4000",
    )
    assert tubes.workflow_in_progress
    assert Stock.objects.get(listing__title="Plank").kg_per_unit == 1


def test_a_trusted_company_waits_too_since_a_spreadsheet_says_nothing_of_safety(
    client, giver, company, commits
):
    company.trusted = True
    company.save()
    send(client, commits, xlsx(ROW))

    say_yes(client, commits)

    listing = MaterialListing.objects.get()
    assert (listing.live, listing.workflow_in_progress) == (False, True)


def test_the_answers_about_safety_may_come_along(client, giver, company, commits):
    company.trusted = True
    company.save()
    questions = [str(question) for question, _answers in QUESTIONS.values()]
    answers = ["Hem, kläder, kontor eller förpackning", "Inget av det", "Nej", "nej", ""]
    heading = [*HEADING, *questions]
    answer = send(client, commits, xlsx([*ROW, *answers], heading=heading))
    assert not answer.context["upload"].with_errors

    say_yes(client, commits)

    listing = MaterialListing.objects.get()
    found = (listing.made_for, listing.treatment, listing.loose_parts, listing.heat_or_food)
    assert found == ("everyday", "none", "none", "unknown")
    assert listing.fits_from_age == fits_from(listing.answers)


def test_drafts_are_sent_to_nobody(client, giver, commits):
    send(client, commits, xlsx(ROW))

    say_yes(client, commits, drafts="1")

    listing = MaterialListing.objects.get()
    assert (listing.live, listing.workflow_in_progress) == (False, False)
    assert "Papprör" in client.get(f"/mitt/material/{listing.pk}/andra/").content.decode() or (
        "Papprör" in client.get(f"/material/{listing.pk}/andra/").content.decode()
    )


def test_errors_name_row_and_column_and_stop_the_whole_file(client, giver, commits):
    rows = [ROW] * 15 + [["Plank", "Papp", "många", "stycken", "1"]]

    page = send(client, commits, xlsx(*rows))

    assert "Rad 17, kolumn ”Antal”" in text(page)
    assert say_yes(client, commits).state == "read"
    assert not MaterialListing.objects.exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, ""),
        (0, "x" * 121),
        (1, "Månsten"),
        (2, "0"),
        (2, "-3"),
        (2, "1e99"),
        (3, "tunnor"),
        (4, ""),
    ],
)
def test_each_wrong_cell_is_named(client, giver, commits, column, value):
    row = [value if place == column else cell for place, cell in enumerate(ROW)]

    page = send(client, commits, xlsx(row))

    assert f"Rad 2, kolumn ”{HEADING[column]}”" in text(page)


def test_the_words_to_choose_from_are_named_where_one_is_wrong(client, giver, commits):
    row = ["Plank", "Papp", "1", "stycken", "1", "Bra"]

    page = send(client, commits, xlsx(row, heading=[*HEADING, "Skick"]))

    assert "skriv något av det här: Nytt, oanvänt / " in text(page)


@pytest.mark.parametrize("unit", ["säck", "säckar", "sack", "Säckar"])
def test_a_unit_may_be_written_in_singular_and_plural(client, giver, commits, unit):
    send(client, commits, xlsx(["Spån", "Papp", "3", unit, "8"]))

    assert ListingImportRow.objects.get().is_right


def test_a_file_with_errors_does_not_wait_for_a_yes(client, giver, commits):
    send(client, commits, xlsx(ROW, ["Plank", "Papp", "många", "stycken", "1"]))

    page = text(client.get(IMPORTS))

    assert "1 rad att rätta" in page
    assert "Väntar på ditt ja" not in page


def test_only_a_file_with_errors_has_a_column_of_them(client, giver, commits):
    page = send(client, commits, xlsx(ROW))
    say_yes(client, commits)
    done = client.get(page.request["PATH_INFO"])

    assert "Vad som är fel" not in text(page)
    assert "Vad som är fel" not in text(done)
    assert "Ändra" in text(done)


@pytest.mark.parametrize("value", ["1,5", "1.5", 1.5])
def test_a_comma_and_a_point_mean_the_same(client, giver, commits, value):
    send(client, commits, xlsx(["Tyg", "Papp", value, "meter", "0,2"]))
    say_yes(client, commits)

    assert str(Stock.objects.get().offered) == "1.500"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_files_of_every_kind_are_read(client, giver, commits, encoding, separator):
    row = [cell.replace("0,4", "0.4") for cell in ROW]
    content = "\r\n".join(separator.join(cells) for cells in (HEADING, row)).encode(encoding)

    send(client, commits, SimpleUploadedFile("lager.csv", content))

    assert ListingImportRow.objects.get().values["title"] == "Papprör"
    assert ListingImport.objects.get().can_be_confirmed


def test_english_headings_and_words_are_known_too(client, giver, commits):
    heading = ["Title", "Kind of material", "Quantity", "Unit", "Kg each", "Can be shared"]

    send(client, commits, xlsx(["Tubes", "Papp", 3, "pieces", 1, "No"], heading=heading))
    say_yes(client, commits)

    assert MaterialListing.objects.get().splittable is False


def test_words_become_tags_and_days_are_read(client, giver, commits):
    last = timezone.localdate() + timedelta(days=40)
    heading = [*HEADING, "Sökord", "Sista dag", "Er egen referens"]
    send(client, commits, xlsx([*ROW, "papp, rör; Papp", last, "A-1"], heading=heading))
    say_yes(client, commits)

    listing = MaterialListing.objects.get()
    assert sorted(word.lower() for word in listing.tags.names()) == ["papp", "rör"]
    assert listing.available_until == last


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("tom.csv", b"\n"), "tom"),
        (SimpleUploadedFile("bild.png", b"\x89PNG\0\0\0"), "gick inte att läsa"),
        (SimpleUploadedFile("trasig.xlsx", b"PK\x03\x04 trasig"), "gick inte att läsa"),
        (xlsx(heading=["Rubrik", "Antal"]), "Kolumnen ”Enhet” saknas"),
        (xlsx(), "inga rader"),
    ],
)
def test_a_file_that_is_no_list_of_listings_is_explained(client, giver, commits, file, words):
    file.seek(0)

    assert words in text(send(client, commits, file))
    assert not ListingImportRow.objects.exists()


def test_a_row_too_many_is_refused_as_a_whole(client, giver, commits, monkeypatch):
    monkeypatch.setattr(imports_services, "MOST_ROWS", 3)

    page = send(client, commits, xlsx(*[ROW] * 4))

    assert "fler än 3 rader" in text(page)


def test_saying_yes_twice_makes_the_listings_once(client, giver, commits):
    send(client, commits, xlsx(ROW))

    for _ in range(2):
        say_yes(client, commits)

    assert MaterialListing.objects.count() == 1


def test_nothing_is_half_imported_when_something_breaks_on_the_way(client, giver, commits):
    send(client, commits, xlsx(ROW, ["Plank", "Papp", "2", "kg", ""]))
    last = ListingImportRow.objects.last()
    last.values["category"] = "Månsten"
    last.save()

    with pytest.raises(CannotConfirm), commits():
        confirm_import(batch=ListingImport.objects.get(), review=True)
        create_listings.call(ListingImport.objects.get().pk)

    assert not MaterialListing.objects.exists()
    assert not Stock.objects.exists()


def test_a_lost_job_is_taken_up_again_and_sends_each_listing_once(client, giver, commits):
    send(client, commits, xlsx(ROW, ROW))
    confirm_import(batch=ListingImport.objects.get(), review=True)
    long_ago = timezone.now() - timedelta(hours=1)
    for _ in range(3):
        ListingImport.objects.update(touched_at=long_ago)
        with commits():
            requeue_stalled_imports()

    assert ListingImport.objects.get().state == "done"
    assert MaterialListing.objects.count() == 2
    assert [len(listing.workflow_states.all()) for listing in MaterialListing.objects.all()] == [
        1,
        1,
    ]


def test_what_nobody_said_yes_to_is_forgotten(client, giver, commits):
    send(client, commits, xlsx(ROW))
    ListingImport.objects.update(created_at=timezone.now() - timedelta(days=31))

    requeue_stalled_imports()

    assert not ListingImport.objects.exists()


def test_editors_get_one_mail_for_a_whole_file_and_the_company_one_a_day(client, giver, commits):
    editor = UserFactory(is_superuser=True)
    send(client, commits, xlsx(*[ROW] * 4))
    say_yes(client, commits)
    assert [message.to for message in mail.outbox] == [[editor.email]]
    assert "4 annonser" in mail.outbox[0].subject
    mail.outbox.clear()

    with commits():
        for listing in MaterialListing.objects.all():
            listing.current_workflow_task_state.approve(user=editor)

    assert [message.to for message in mail.outbox] == [[giver.email]]


def test_a_later_version_of_an_imported_listing_is_told_about_as_usual(client, giver, commits):
    editor = UserFactory(is_superuser=True)
    send(client, commits, xlsx(ROW))
    say_yes(client, commits)
    listing = MaterialListing.objects.get()
    with commits():
        listing.current_workflow_task_state.approve(user=editor)
    from marketplace.offers.services import submit_listing

    with commits():
        submit_listing(listing=MaterialListing.objects.get(), by=giver)

    assert Notification.objects.filter(user=editor, type="listing_submitted").count() == 1


def test_throwing_it_away_imports_nothing(client, giver, commits):
    send(client, commits, xlsx(ROW))

    client.post(f"{IMPORTS}{ListingImport.objects.get().pk}/svar/", {"action": "remove"})

    assert not ListingImport.objects.exists()
    assert not MaterialListing.objects.exists()


@pytest.mark.parametrize("role", ["other company", "school"])
def test_nobody_sees_or_confirms_the_files_of_others(client, giver, commits, role):
    send(client, commits, xlsx(ROW))
    organisation = SchoolFactory() if role == "school" else CompanyFactory()
    client.force_login(MembershipFactory(organisation=organisation).user)
    pk = ListingImport.objects.get().pk

    assert client.get(f"{IMPORTS}{pk}/").status_code == 403
    assert client.post(f"{IMPORTS}{pk}/svar/").status_code == 403
    assert ListingImport.objects.get().state == "read"


def test_five_thousand_rows_are_read_and_made_in_bounded_memory(client, giver, commits):
    file = xlsx(
        *([f"Papprör {number}", "Papp", number, "stycken", "0,4"] for number in range(1, 5001))
    )
    tracemalloc.start()
    page = send(client, commits, file)
    read_peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    batch = say_yes(client, commits, drafts="1")

    assert "5000 annonser" in text(page).replace("\xa0", "")
    assert (batch.state, batch.done) == ("done", 5000)
    assert MaterialListing.objects.count() == Stock.objects.count() == 5000
    assert read_peak < 60 * 1024 * 1024


def test_the_page_tells_how_far_it_has_come(client, giver, commits):
    send(client, commits, xlsx(ROW, ROW))
    ListingImport.objects.update(state="sending", done=1)

    page = client.get(f"{IMPORTS}{ListingImport.objects.get().pk}/")

    assert "1 av 2" in text(page)
