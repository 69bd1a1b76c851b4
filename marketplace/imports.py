"""Several listings from one spreadsheet: read it, show what it would become, then make all or none.

Each step is a background job that can be started again where it stopped: a row is read once, the
listings are made in one transaction, and each is sent for review once.
"""

import io
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from taggit.models import Tag

from marketplace import services
from marketplace.errors import ExchangeError
from marketplace.forms.imports import REQUIRED, ListingRowForm, choices, columns
from marketplace.models import (
    ListingImport,
    ListingImportRow,
    ListingTag,
    MaterialCategory,
    MaterialListing,
    Stock,
)
from marketplace.purchases import categories_by_name
from marketplace.spreadsheets import SpreadsheetError, cell_problem, read_rows
from portal.collation import swedish_order

MOST_ROWS = 5_000
MOST_BYTES = 5 * 1024 * 1024
CHUNK = 500
STUCK_AFTER = timedelta(minutes=15)
State = ListingImport.State


class CannotConfirm(ExchangeError):
    @property
    def message(self):
        return _("This spreadsheet has errors, or has been imported already.")


# --- Reading --------------------------------------------------------------------------------------


def receive_spreadsheet(*, file, organisation, by, language):
    """Keep an uploaded file and read it in the background; returns its `ListingImport`."""
    if file.size > MOST_BYTES:
        raise SpreadsheetError(
            [
                _("The file is larger than %(size)d MB. Remove what is not needed.")
                % {"size": MOST_BYTES // 1024**2}
            ]
        )
    batch = ListingImport.objects.create(
        organisation=organisation,
        created_by=by,
        language=language,
        file_name=str(file.name)[:120],
        content=file.read(),
    )
    transaction.on_commit(partial(read_import.enqueue, batch.pk))
    return batch


@task()
def read_import(pk):
    """Read the file of an import into rows, each with what is wrong with it."""
    batch = ListingImport.objects.filter(pk=pk, state=State.READING).first()
    if batch is None:
        return
    batch.rows.all().delete()
    batch.total = batch.with_errors = 0
    with override(batch.language):
        try:
            _read(batch)
        except SpreadsheetError as error:
            batch.rows.all().delete()
            batch.state, batch.failure = State.FAILED, " ".join(error.problems)
            batch.total = batch.with_errors = 0
        else:
            batch.state = State.READ
    batch.content = None
    batch.touched_at = timezone.now()
    batch.save()


def _read(batch):
    rows = read_rows(
        io.BytesIO(bytes(batch.content)),
        most_rows=MOST_ROWS,
        most_bytes=MOST_BYTES,
        columns=len(columns()) + 10,
    )
    heading = next(rows, None)
    if heading is None:
        raise SpreadsheetError([_("The file is empty.")])
    places = _places(heading[1])
    known = {name: category.pk for name, category in categories_by_name().items()}
    chunk = []
    for number, cells in rows:
        values = {name: cells[place] for name, place in places.items()}
        form = ListingRowForm(values, categories=known)
        problems = [
            cell_problem(number, columns()[name], str(message).rstrip("."))
            for name, messages in form.errors.items()
            for message in messages
        ]
        chunk.append(
            ListingImportRow(
                listing_import=batch,
                number=number,
                values=values,
                problems=problems,
                is_right=not problems,
            )
        )
        if len(chunk) == CHUNK:
            _keep(batch, chunk)
            chunk = []
    _keep(batch, chunk)
    if not batch.total:
        raise SpreadsheetError([_("There are no rows below the heading.")])


def _keep(batch, chunk):
    ListingImportRow.objects.bulk_create(chunk)
    batch.total += len(chunk)
    batch.with_errors += sum(not row.is_right for row in chunk)
    batch.touched_at = timezone.now()
    batch.save(update_fields=["total", "with_errors", "touched_at"])


def _places(heading):
    """{column: its place in the file}. Headings in any language of the site are known."""
    known = {}
    for language in ("sv", "en"):
        with override(language):
            known |= {str(label).casefold(): name for name, label in columns().items()}
    places, strange = {}, []
    for place, text in enumerate(heading):
        name = known.get(text.rstrip(" *").casefold())
        if name and name not in places:
            places[name] = place
        elif text:
            strange.append(text)
    problems = [
        _("The column “%(column)s” is missing.") % {"column": columns()[name]}
        for name in REQUIRED
        if name not in places
    ]
    problems += [
        _("The column “%(column)s” is not known, or is there twice.") % {"column": text}
        for text in strange
    ]
    if problems:
        raise SpreadsheetError(problems)
    return places


# --- Making listings ------------------------------------------------------------------------------


@transaction.atomic
def confirm_import(*, batch, review):
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
def create_listings(pk):
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
        batch.state = State.SENDING if batch.review else State.DONE
        batch.done = 0 if batch.review else batch.total
        batch.touched_at = timezone.now()
        batch.save()
    if batch.review:
        send_listings.enqueue(pk)


def _create_all(batch):
    known = {name: category.pk for name, category in categories_by_name().items()}
    tags, chunk = {}, []
    for row in batch.rows.filter(listing=None).iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            _create(batch, chunk, known, tags)
            chunk = []
    _create(batch, chunk, known, tags)


def _create(batch, rows, known, tags):
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


def _tag(word, tags):
    """The tag `word` from the shared vocabulary; `tags` remembers those looked up before."""
    key = word.casefold()
    if key not in tags:
        tags[key] = Tag.objects.filter(name__iexact=word).first() or Tag.objects.create(name=word)
    return tags[key]


@task()
def send_listings(pk):
    """Send each listing of an import for review, once, and count those that have left."""
    batch = (
        ListingImport.objects.select_related("created_by")
        .filter(pk=pk, state=State.SENDING)
        .first()
    )
    if batch is None:
        return
    with override(batch.language):
        for row_pk in list(batch.rows.unsent().values_list("pk", flat=True)):
            _send(row_pk, batch)
    ListingImport.objects.filter(pk=pk).update(
        state=State.DONE, done=batch.rows.exclude(sent_at=None).count(), touched_at=timezone.now()
    )


@transaction.atomic
def _send(row_pk, batch):
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
    services.submit_listing(listing=row.listing, by=batch.created_by)
    ListingImport.objects.filter(pk=batch.pk).update(
        done=batch.rows.exclude(sent_at=None).count(), touched_at=timezone.now()
    )


# --- What time brings about -----------------------------------------------------------------------

JOBS = {State.READING: read_import, State.CREATING: create_listings, State.SENDING: send_listings}


def tend_imports(now=None):
    """Take up imports whose job was lost, and forget those nobody said yes to. Returns how many."""
    now = now or timezone.now()
    stuck = ListingImport.objects.working().filter(touched_at__lt=now - STUCK_AFTER)
    found = list(stuck.values_list("pk", "state"))
    for pk, state in found:
        JOBS[state].call(pk)
    old = now - timedelta(days=ListingImport.KEEP_DAYS)
    ListingImport.objects.filter(state__in=[State.READ, State.FAILED], created_at__lt=old).delete()
    return len(found)


# --- The file to fill in --------------------------------------------------------------------------


def template():
    """An empty spreadsheet as the bytes of an XLSX file, with the words that may be chosen."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Listings")
    names = columns()
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
        own = sheet.cell(row=1, column=list(names).index(name) + 1).column_letter
        rule.add(f"{own}2:{own}{MOST_ROWS + 1}")
        sheet.add_data_validation(rule)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = max(14, len(cell.value) + 4)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
