"""Import purchases from a spreadsheet: parse in the background, preview, then confirm."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from marketplace.impact.purchase_imports.columns import column_set, labels
from marketplace.impact.purchase_imports.models import PurchaseImport
from marketplace.impact.purchases.services import Purchase, report_purchases
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import trim
from marketplace.organisations.models import Organisation
from marketplace.spreadsheets.services import (
    AnswerNeededError,
    CannotConfirm,
    cell_problem,
    keep_file,
    kept,
    named_values,
    open_upload,
    read_file,
    take_up_lost,
)
from portal.foundation.spreadsheets.headings import Heading
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, Row
from portal.foundation.spreadsheets.values import BadCell, Value, as_text
from portal.foundation.text import one_line
from portal.foundation.users.models import User
from portal.foundation.written import NotUnderstood, TwoMeanings, parse_decimal

LIMITS = Limits(bytes=2 * 1024 * 1024, rows=500)
MOST = Decimal(1_000_000)
AMOUNTS = ("mass_kg", "cost_sek")
State = PurchaseImport.State


class CannotConfirmPurchases(CannotConfirm):
    @property
    def message(self) -> str:
        return _("This spreadsheet has errors, or is in the report already.")


def receive_purchases(
    *, file: UploadedFile, organisation: Organisation, year: int, term: str, by: User, language: str
) -> PurchaseImport:
    """Store an uploaded file and parse it in the background. Raises `SpreadsheetError`."""
    return keep_file(
        PurchaseImport,
        file=file,
        limits=LIMITS,
        read=read_purchases,
        organisation=organisation,
        year=year,
        term=term,
        created_by=by,
        language=language,
    )


@task()
def read_purchases(pk: int) -> None:
    """Parse the file of an import, unless that has been done already."""
    read_file(PurchaseImport, pk, _read)


def _read(upload: PurchaseImport) -> None:
    heading, below = open_upload(upload, columns=column_set(), limits=LIMITS)
    if not any(name in heading.places for name in AMOUNTS):
        problem = _("The file has neither kilograms nor kronor. Choose a column for one of them.")
        raise AnswerNeededError({"problems": [problem]})
    rows = _understood(heading, below)
    if not rows:
        raise SpreadsheetError([_("There are no amounts in the file.")])
    upload.rows, upload.total = rows, len(rows)
    upload.with_errors = sum(bool(row["problems"]) for row in rows)


def _understood(heading: Heading, rows: Iterable[Row]) -> list[dict]:
    """Return the rows that have amounts, with their interpretation and problems."""
    known, names = MaterialCategory.objects.by_any_name(), MaterialCategory.objects.names()
    found = []
    taken: set[int] = set()
    for row in rows:
        values = named_values(heading, row)
        if all(values.get(name, "") == "" for name in AMOUNTS):
            continue
        category, problem = _category(values.get("material", ""), known, taken)
        problems = (
            [cell_problem(heading, row, "material", labels()["material"], problem)]
            if problem
            else []
        )
        amounts: dict[str, Decimal | None] = {}
        for name in AMOUNTS:
            try:
                amounts[name] = amount(values.get(name, ""))
            except ValueError as error:
                problems.append(cell_problem(heading, row, name, labels()[name], str(error)))
        found.append(_kept_row(row, values, category, amounts, problems, names))
    return found


def _category(
    value: Value, known: Mapping[str, MaterialCategory], taken: set[int]
) -> tuple[MaterialCategory | None, str]:
    """Return the category that a cell names, and the problem with it if any."""
    if isinstance(value, BadCell):
        return None, value.message
    category = known.get(one_line(as_text(value)).casefold())
    if category is None:
        return None, _("there is no such material here")
    if category.pk in taken:
        return category, _("the material is there twice")
    taken.add(category.pk)
    return category, ""


def _kept_row(
    row: Row,
    values: Mapping[str, Value],
    category: MaterialCategory | None,
    amounts: Mapping[str, Decimal | None],
    problems: list[str],
    names: Mapping[int, str],
) -> dict:
    understood = {}
    if category:
        understood["material"] = names.get(category.pk, category.name)
    if amounts.get("mass_kg") is not None:
        understood["mass_kg"] = f"{trim(amounts['mass_kg'])} kg"
    if amounts.get("cost_sek") is not None:
        understood["cost_sek"] = f"{trim(amounts['cost_sek'])} kr"
    return {
        "number": row.number,
        "values": {name: as_text(kept(value)) for name, value in values.items()},
        "category": category.pk if category else None,
        **{name: None if amounts.get(name) is None else str(amounts[name]) for name in AMOUNTS},
        "understood": understood,
        "problems": problems,
    }


def amount(value: Value) -> Decimal | None:
    """Parse a cell of kilograms or kronor; None if it is empty.

    Raises `ValueError` with a message for the user.
    """
    if value == "":
        return None
    if isinstance(value, BadCell):
        raise ValueError(value.message)  # noqa: TRY004  # what was typed is wrong, not its type
    try:
        number = parse_decimal(value)
    except TwoMeanings as two:
        one, other = two.readings
        raise ValueError(
            _("%(text)s may be %(one)s or %(other)s; write one of them")
            % {"text": value, "one": one, "other": other}
        ) from two
    except NotUnderstood as error:
        raise ValueError(_("write a number, such as 12,5")) from error
    if not 0 <= number <= MOST:
        raise ValueError(_("write a number, such as 12,5"))
    return number


def requeue_stalled_purchase_imports(now: datetime | None = None) -> int:
    """Parse files whose job was lost, delete unconfirmed ones, and return how many were parsed."""
    now = now or timezone.now()
    parsed = take_up_lost(PurchaseImport, {State.READING: read_purchases}, now)
    old = now - timedelta(days=PurchaseImport.KEEP_DAYS)
    PurchaseImport.objects.filter(created_at__lt=old).delete()
    return parsed


@transaction.atomic
def confirm_purchases(upload: PurchaseImport, *, by: User) -> PurchaseImport:
    """Add the imported rows to the report of the term. Raises `CannotConfirmPurchases`."""
    upload = PurchaseImport.objects.select_for_update().get(pk=upload.pk)
    if not upload.can_be_confirmed:
        raise CannotConfirmPurchases
    categories = MaterialCategory.objects.in_bulk([row["category"] for row in upload.rows])
    if len(categories) < len(upload.rows):
        # A category may have been removed since the file was read.
        raise CannotConfirmPurchases
    purchases = [
        Purchase(
            categories[row["category"]],
            *(None if row[name] is None else Decimal(row[name]) for name in AMOUNTS),
        )
        for row in upload.rows
    ]
    report_purchases(
        organisation=upload.organisation,
        year=upload.year,
        term=upload.term,
        purchases=purchases,
        by=by,
        keep=True,
    )
    upload.state, upload.content, upload.touched_at = State.DONE, None, timezone.now()
    upload.save()
    return upload
