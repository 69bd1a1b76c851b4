"""Jobs that read and send spreadsheets: lost, delivered twice, and beside those of others."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from marketplace.listings.models import MaterialListing
from marketplace.offers.imports import services as imports_services
from marketplace.offers.imports.models import ListingImport, ListingImportRow
from marketplace.offers.imports.services import (
    confirm_import,
    read_import,
    receive_spreadsheet,
    requeue_stalled_imports,
    template,
)
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from tests.factories import CategoryFactory, CompanyFactory, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
HEADING = "Rubrik;Sorts material;Antal;Enhet;Kg per styck"
ROW = "Papprör;Papp;12;stycken;0,4"
LONG_AGO = timezone.now() - timedelta(days=31)


@pytest.fixture(autouse=True)
def paper():
    return CategoryFactory(name="Papp")


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def send(commits):
    """Sends a file with so many rows for a company of its own, and reads it."""

    def send(rows=1):
        company = CompanyFactory(address="Hamngatan 1", town="Bjuv")
        content = "\r\n".join([HEADING, *[ROW] * rows]).encode()
        with commits():
            batch = receive_spreadsheet(
                file=SimpleUploadedFile("lager.csv", content),
                organisation=company,
                by=MembershipFactory(organisation=company).user,
                language="sv",
            )
        return ListingImport.objects.get(pk=batch.pk)

    return send


@pytest.fixture
def say_yes(commits):
    def say_yes(batch, *, review=True):
        with commits():
            confirm_import(batch=batch, review=review)
        batch.refresh_from_db()

    return say_yes


def change(batch, **values):
    ListingImport.objects.filter(pk=batch.pk).update(**values)


def states():
    return list(ListingImport.objects.order_by("pk").values_list("state", flat=True))


def in_review():
    return [
        each.organisation for each in MaterialListing.objects.all() if each.workflow_in_progress
    ]


def test_a_file_that_is_sent_leaves_those_of_others_as_they_are(send, say_yes):
    waiting, drafts, sent = send(), send(), send()
    say_yes(drafts, review=False)
    assert in_review() == []

    say_yes(sent)

    assert in_review() == [sent.organisation]
    assert (sent.done, sent.state) == (1, "done")
    waiting.refresh_from_db()
    assert (waiting.done, waiting.state) == (0, "read")


def test_a_file_read_a_second_time_is_not_imported_a_second_time(send, say_yes):
    batch = send()
    say_yes(batch)

    read_import.call(batch.pk)

    assert states() == ["done"]
    assert ListingImportRow.objects.get().listing == MaterialListing.objects.get()


def test_reading_that_broke_off_begins_anew(send, commits):
    batch = send(rows=3)
    change(batch, state="reading", touched_at=LONG_AGO)
    batch.rows.first().delete()

    with commits():
        assert requeue_stalled_imports() == 1

    batch.refresh_from_db()
    assert (batch.state, batch.total, batch.rows.count()) == ("read", 3, 3)


def test_what_is_being_read_or_is_done_is_left_alone(send, say_yes):
    lost, done, at_work = send(), send(), send()
    say_yes(done)
    change(done, touched_at=LONG_AGO)
    change(at_work, state="reading")
    change(lost, state="reading", touched_at=LONG_AGO)

    assert requeue_stalled_imports() == 1

    assert states() == ["read", "done", "reading"]


def test_only_what_is_old_and_undecided_is_forgotten(send, say_yes):
    new, old, done = send(), send(), send()
    say_yes(done)
    for each in (old, done):
        change(each, created_at=LONG_AGO)

    requeue_stalled_imports()

    assert set(ListingImport.objects.all()) == {new, done}


def test_rows_before_the_one_too_many_are_not_kept(send, monkeypatch):
    monkeypatch.setattr(imports_services, "MOST_ROWS", 3)
    monkeypatch.setattr(imports_services, "CHUNK", 1)
    assert send(rows=3).rows.count() == 3

    batch = send(rows=4)

    assert (batch.state, batch.total, batch.rows.count()) == ("failed", 0, 0)


def test_a_file_of_a_byte_too_many_is_not_kept(send, monkeypatch):
    size = len(send(rows=2).content)
    monkeypatch.setattr(imports_services, "MOST_BYTES", size)
    assert send(rows=2).state == "read"

    with pytest.raises(SpreadsheetError):
        send(rows=3)

    assert ListingImport.objects.count() == 2


def test_the_template_offers_the_words_of_each_column_where_they_are_to_be_chosen():
    with override("en"):
        book = load_workbook(io.BytesIO(template()))
    sheet, lists = book.worksheets
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        column, first, same, last = range_boundaries(str(rule.sqref))
        words = rule.formula1.split("!")[1].replace("$", "")
        (heading,), *cells = lists[words.replace("2:", "1:", 1)]
        assert (column, first, last) == (same, 2, imports_services.MOST_ROWS + 1)
        assert sheet.cell(1, column).value.rstrip(" *") == heading.value
        offered[heading.value] = [cell.value for (cell,) in cells]

    assert len(offered) == lists.max_column
    assert all(all(words) for words in offered.values())
    assert "Papp" in offered["Kind of material"]
    assert offered["Can be shared"] == ["Yes", "No"]
