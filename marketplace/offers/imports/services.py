"""Several listings from one spreadsheet: read it, show what it would become, then make all or none.

Each step is a background job that can be started again where it stopped: a row is read once, the
listings are made in one transaction, and each is sent for review once.
"""

import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django_tasks import task
from django_tasks.base import Task
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from taggit.models import Tag

from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import ListingTag, MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.offers.imports.columns import REQUIRED, column_set, labels
from marketplace.offers.imports.forms import ListingRowForm, choices, understood
from marketplace.offers.imports.models import ListingImport, ListingImportRow
from marketplace.offers.services import submit_listing
from marketplace.organisations.models import Organisation
from marketplace.safety.rules import fits_from
from marketplace.spreadsheets.services import (
    CannotConfirm,
    cell_problem,
    keep_file,
    kept,
    named_values,
    open_upload,
    read_file,
    take_up_lost,
)
from portal.foundation.collation import swedish_order
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, cell_name
from portal.foundation.spreadsheets.values import BadCell
from portal.foundation.users.models import User

MOST_ROWS = 5_000
MOST_BYTES = 5 * 1024 * 1024
CHUNK = 500
State = ListingImport.State


# --- Reading --------------------------------------------------------------------------------------


def receive_spreadsheet(
    *, file: UploadedFile, organisation: Organisation, by: User, language: str
) -> ListingImport:
    """Keep an uploaded file and read it in the background; returns its `ListingImport`."""
    return keep_file(
        ListingImport,
        file=file,
        limits=limits(),
        read=read_import,
        organisation=organisation,
        created_by=by,
        language=language,
    )


@task()
def read_import(pk: int) -> None:
    """Read the file of an import into rows, each with what it means and what is wrong with it."""
    read_file(ListingImport, pk, _read)


def limits() -> Limits:
    return Limits(bytes=MOST_BYTES, rows=MOST_ROWS)


def _read(batch: ListingImport) -> None:
    heading, rows = open_upload(batch, columns=column_set(), limits=limits())
    known = {name: category.pk for name, category in MaterialCategory.objects.by_any_name().items()}
    names = MaterialCategory.objects.names()
    fractions: list = []
    chunk = []
    for row in rows:
        chunk.append(_understood(batch, heading, row, known, names, fractions))
        if len(chunk) == CHUNK:
            _keep(batch, chunk)
            chunk = []
    if fractions:
        batch.remarks += [_parts_of_pieces(fractions)]
    _keep(batch, chunk)
    if not batch.total:
        raise SpreadsheetError([_("There are no rows below the heading.")])


def _understood(
    batch: ListingImport, heading: Any, row: Any, known: Any, names: Any, fractions: Any
) -> ListingImportRow:
    """The row of an import that `row` of the file becomes."""
    values = named_values(heading, row)
    headings = labels()
    bad = {name: cell for name, cell in values.items() if isinstance(cell, BadCell)}
    values = {name: kept(value) for name, value in values.items()}
    form = ListingRowForm(values, categories=known)
    problems = [
        cell_problem(heading, row, name, headings[name], cell.message) for name, cell in bad.items()
    ]
    problems += [
        cell_problem(heading, row, name, headings[name], str(message).rstrip("."))
        for name, messages in form.errors.items()
        for message in messages
        if name not in bad
    ]
    if not problems and not form.has_a_place(batch.organisation):
        # A row is shown by its number alone where no cell is to blame.
        problems = [
            _("Row %(row)d: enter the pickup address, or add a place for your company first")
            % {"row": row.number}
        ]
    if not problems and form.is_part_of_a_piece:
        fractions.append(cell_name(row.number, heading.places["quantity"]))
    return ListingImportRow(
        listing_import=batch,
        number=row.number,
        values=values,
        understood={} if problems else understood(form, names),
        problems=problems,
        is_right=not problems,
    )


def _parts_of_pieces(cells: list[str]) -> str:
    """The remark about amounts that are probably not meant."""
    return ngettext(
        "%(cells)s is not a whole number of pieces. Check that it is right.",
        "%(cells)s are not whole numbers of pieces. Check that they are right.",
        len(cells),
    ) % {"cells": ", ".join(cells[:10]) + (" …" if len(cells) > 10 else "")}


def _keep(batch: ListingImport, chunk: list[ListingImportRow]) -> None:
    ListingImportRow.objects.bulk_create(chunk)
    batch.total += len(chunk)
    batch.with_errors += sum(not row.is_right for row in chunk)
    batch.touched_at = timezone.now()
    batch.save(update_fields=["total", "with_errors", "touched_at"])


# --- Making listings ------------------------------------------------------------------------------


@transaction.atomic
def confirm_import(*, batch: ListingImport, review: bool) -> ListingImport:
    """Make listings of all rows in the background, and send them for review when `review`.

    Raises `CannotConfirm` when there are errors, or somebody has said yes already.
    """
    batch = ListingImport.objects.select_for_update().get(pk=batch.pk)
    if not batch.can_be_confirmed:
        raise CannotConfirm
    batch.state, batch.review, batch.done = State.CREATING, review, 0
    batch.touched_at = timezone.now()
    batch.save()
    transaction.on_commit(partial(create_listings.enqueue, batch.pk))
    return batch


@task()
def create_listings(pk: int) -> None:
    """Make the listings of a confirmed import, all or none, and go on to send them."""
    with transaction.atomic():
        batch = (
            ListingImport.objects.select_for_update(of=("self",))
            .select_related("organisation", "created_by")
            .filter(pk=pk, state=State.CREATING)
            .first()
        )
        if batch is None:
            return
        with override(batch.language):
            _create_all(batch)
        batch.content = None
        batch.state = State.SENDING if batch.review else State.DONE
        batch.done = 0 if batch.review else batch.total
        batch.touched_at = timezone.now()
        batch.save()
    if batch.review:
        send_listings.enqueue(pk)


def _create_all(batch: ListingImport) -> None:
    known = {name: category.pk for name, category in MaterialCategory.objects.by_any_name().items()}
    tags: dict = {}
    chunk = []
    for row in batch.rows.filter(listing=None).iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            _create(batch, chunk, known, tags)
            chunk = []
    _create(batch, chunk, known, tags)


def _create(
    batch: ListingImport, rows: Iterable[ListingImportRow], known: Any, tags: dict[str, Tag]
) -> None:
    listings, stocks, words = [], [], []
    for row in rows:
        form = ListingRowForm(row.values, categories=known)
        if not form.is_valid():
            # A category may have been removed since the file was read.
            raise CannotConfirm
        listing = MaterialListing(
            **form.listing_values(batch.organisation, batch.created_by),
            organisation=batch.organisation,
            created_by=batch.created_by,
            live=False,
            has_unpublished_changes=True,
        )
        # Made in bulk, so nothing else works it out.
        listing.fits_from_age = fits_from(listing.answers)
        listings.append(listing)
        stocks.append(form.stock_values())
        words.append(form.cleaned_data["tags"])
    MaterialListing.objects.bulk_create(listings)
    Stock.objects.bulk_create(
        Stock(listing=listing, **values) for listing, values in zip(listings, stocks, strict=True)
    )
    ListingTag.objects.bulk_create(
        ListingTag(tag=_tag(word, tags), content_object=listing)
        for listing, own in zip(listings, words, strict=True)
        for word in own
    )
    for row, listing in zip(rows, listings, strict=True):
        row.listing = listing
    ListingImportRow.objects.bulk_update(rows, ["listing"])


def _tag(word: str, tags: dict[str, Tag]) -> Tag:
    """The tag `word` from the shared vocabulary; `tags` remembers those looked up before."""
    key = word.casefold()
    if key not in tags:
        tags[key] = Tag.objects.filter(name__iexact=word).first() or Tag.objects.create(name=word)
    return tags[key]


@task()
def send_listings(pk: int) -> None:
    """Send each listing of an import for review, once, and count those that have left."""
    batch = (
        ListingImport.objects.select_related("created_by")
        .filter(pk=pk, state=State.SENDING)
        .first()
    )
    if batch is None:
        return
    with override(batch.language):
        for_each_row(batch.rows.unsent(), partial(_send, batch=batch))
    # What could not be sent is tried again by `requeue_stalled_imports`.
    ListingImport.objects.filter(pk=pk).update(
        state=State.SENDING if batch.rows.unsent().exists() else State.DONE,
        done=batch.rows.exclude(sent_at=None).count(),
        touched_at=timezone.now(),
    )


@transaction.atomic
def _send(row_pk: int, batch: ListingImport) -> None:
    row = (
        ListingImportRow.objects.unsent()
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("listing")
        .filter(pk=row_pk)
        .first()
    )
    if row is None:
        return
    row.sent_at = timezone.now()
    row.save(update_fields=["sent_at"])
    submit_listing(listing=row.listing, by=batch.created_by)
    ListingImport.objects.filter(pk=batch.pk).update(
        done=batch.rows.exclude(sent_at=None).count(), touched_at=timezone.now()
    )


# --- What time brings about -----------------------------------------------------------------------

JOBS: dict[str, Task] = {
    State.READING: read_import,
    State.CREATING: create_listings,
    State.SENDING: send_listings,
}


def requeue_stalled_imports(now: datetime | None = None) -> int:
    """Take up imports whose job was lost, and forget those nobody said yes to. Returns how many."""
    now = now or timezone.now()
    done = take_up_lost(ListingImport, JOBS, now)
    old = now - timedelta(days=ListingImport.KEEP_DAYS)
    ListingImport.objects.filter(state__in=ListingImport.UNDECIDED, created_at__lt=old).delete()
    return done


# --- The file to fill in --------------------------------------------------------------------------


def template() -> bytes:
    """An empty spreadsheet as the bytes of an XLSX file, with the words that may be chosen."""
    book = Workbook()
    sheet = cast(Worksheet, book.active)
    sheet.title = _("Listings")
    names = labels()
    sheet.append(
        [f"{label} *" if name in REQUIRED else str(label) for name, label in names.items()]
    )
    sheet.freeze_panes = "A2"
    materials = sorted(MaterialCategory.objects.names().values(), key=swedish_order)
    lists = book.create_sheet(_("Choices"))
    for place, (name, values) in enumerate({"category": materials, **choices()}.items(), start=1):
        lists.cell(row=1, column=place, value=str(names[name])).font = Font(bold=True)
        for number, value in enumerate(values, start=2):
            lists.cell(row=number, column=place, value=value)
        letter = lists.cell(row=1, column=place).column_letter
        lists.column_dimensions[letter].width = 30
        rule = DataValidation(
            type="list",
            formula1=f"'{lists.title}'!${letter}$2:${letter}${len(values) + 1}",
            allow_blank=True,
        )
        own = get_column_letter(list(names).index(name) + 1)
        rule.add(f"{own}2:{own}{MOST_ROWS + 1}")
        sheet.add_data_validation(rule)
    for place, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = max(14, len(str(cell.value)) + 4)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
