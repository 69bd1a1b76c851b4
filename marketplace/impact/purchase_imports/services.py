"""Import purchases from a spreadsheet: parse in the background, preview, then confirm."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from marketplace.impact.purchase_imports.columns import column_set, labels
from marketplace.impact.purchase_imports.models import PurchaseImport
from marketplace.impact.purchases.services import Purchase, report_purchases
from marketplace.listings.uploads.services import (
    AnswerNeededError,
    answer_question,
    cell_problem,
    kept,
    named_values,
    open_upload,
)
from marketplace.materials.lookup import categories_by_name
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import trim
from marketplace.organisations.models import Organisation
from marketplace.review.errors import ExchangeError
from portal.foundation.spreadsheets.headings import Heading
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, Row, too_large
from portal.foundation.spreadsheets.values import BadCell, Value, as_text
from portal.foundation.text import one_line
from portal.foundation.users.models import User
from portal.foundation.written import NotUnderstood, TwoMeanings, parse_decimal

LIMITS = Limits(bytes=2 * 1024 * 1024, rows=500)
MOST = Decimal(1_000_000)
STUCK_AFTER = timedelta(minutes=15)
AMOUNTS = ("mass_kg", "cost_sek")
State = PurchaseImport.State


class CannotConfirmPurchases(ExchangeError):
    @property
    def message(self) -> str:
        return _("This spreadsheet has errors, or is in the report already.")


def receive_purchases(
    *, file: UploadedFile, organisation: Organisation, year: int, term: str, by: User, language: str
) -> PurchaseImport:
    """Store an uploaded file and parse it in the background. Raises `SpreadsheetError`."""
    if (file.size or 0) > LIMITS.bytes:
        raise too_large(LIMITS)
    upload = PurchaseImport.objects.create(
        organisation=organisation,
        year=year,
        term=term,
        created_by=by,
        language=language,
        file_name=str(file.name)[:120],
        content=file.read(),
    )
    transaction.on_commit(partial(read_purchases.enqueue, upload.pk))
    return upload


@task()
def read_purchases(pk: int) -> None:
    """Parse the file of an import, unless that has been done already."""
    upload = PurchaseImport.objects.filter(pk=pk, state=State.READING).first()
    if upload is None:
        return
    upload.rows, upload.failure, upload.question = [], "", {}
    with override(upload.language):
        try:
            _read(upload)
        except AnswerNeededError as needed:
            upload.state, upload.question = State.ASKING, needed.question
        except SpreadsheetError as error:
            upload.state, upload.failure = State.FAILED, " ".join(error.problems)
        else:
            upload.state = State.READ
    upload.total = len(upload.rows)
    upload.with_errors = sum(bool(row["problems"]) for row in upload.rows)
    upload.touched_at = timezone.now()
    upload.save()


def _read(upload: PurchaseImport) -> None:
    heading, below = open_upload(
        upload, subject=upload.SUBJECT, columns=column_set(), limits=LIMITS
    )
    if not any(name in heading.places for name in AMOUNTS):
        problem = _("The file has neither kilograms nor kronor. Choose a column for one of them.")
        raise AnswerNeededError({"problems": [problem]})
    rows = _understood(heading, below)
    if not rows:
        raise SpreadsheetError([_("There are no amounts in the file.")])
    upload.rows = rows


def _understood(heading: Heading, rows: Iterable[Row]) -> list[dict]:
    """Return the rows that have amounts, with their interpretation and problems."""
    known, names = categories_by_name(), MaterialCategory.objects.names()
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
    lost = PurchaseImport.objects.working().filter(touched_at__lt=now - STUCK_AFTER)
    found = list(lost.values_list("pk", flat=True))
    for pk in found:
        read_purchases.call(pk)
    old = now - timedelta(days=PurchaseImport.KEEP_DAYS)
    PurchaseImport.objects.filter(created_at__lt=old).delete()
    return len(found)


@transaction.atomic
def answer(upload: PurchaseImport, *, answers: dict) -> None:
    """Store the user's answers about the file and parse it again."""
    upload = PurchaseImport.objects.select_for_update().get(pk=upload.pk)
    if not upload.can_be_changed:
        raise CannotConfirmPurchases
    answer_question(upload, subject=upload.SUBJECT, **answers)
    upload.state, upload.touched_at = State.READING, timezone.now()
    upload.save()
    transaction.on_commit(partial(read_purchases.enqueue, upload.pk))


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
