"""The way of a spreadsheet: kept, read in the background, asked about, and read again.

Each subject says what its rows mean, in a function that `read_file` calls, and what becomes of them
after a yes.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks.base import Task

from marketplace.review.errors import ExchangeError
from marketplace.spreadsheets.models import ColumnChoice, KeptFile, SpreadsheetUpload
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.spreadsheets.headings import ColumnSet, Heading, find_heading, heading_key
from portal.foundation.spreadsheets.reading import read_table
from portal.foundation.spreadsheets.refusals import EncodingUnclear, SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, Options, Row, cell_name, too_large
from portal.foundation.spreadsheets.values import BadCell, Value
from portal.foundation.text_types import StrOrPromise

# How long a job may be silent before it is taken for lost.
STUCK_AFTER = timedelta(minutes=15)
HEADING_LENGTH = ColumnChoice._meta.get_field("heading").max_length


File = TypeVar("File", bound=KeptFile)


class AnswerNeededError(Exception):
    """The file cannot be read before somebody answers. `question` is kept on the upload."""

    def __init__(self, question: dict) -> None:
        super().__init__(str(question))
        self.question = question


class CannotConfirm(ExchangeError):
    @property
    def message(self) -> str:
        return _("This spreadsheet has errors, or has been imported already.")


# --- Its way --------------------------------------------------------------------------------------


def keep_file(
    model: type[File],
    *,
    file: UploadedFile,
    limits: Limits,
    read: Task,
    **values: Any,
) -> File:
    """Keep an uploaded file and read it in the background. Raises `SpreadsheetError`.

    `values` are those of the other fields; `read` is the task, which takes the primary key.
    """
    if (file.size or 0) > limits.bytes:
        raise too_large(limits)
    kept_file = model._default_manager.create(
        file_name=str(file.name)[:120], content=file.read(), **values
    )
    transaction.on_commit(partial(read.enqueue, kept_file.pk))
    return kept_file


def read_file(model: type[File], pk: int, understand: Callable[[File], None]) -> None:
    """Let `understand` note on a file what its rows mean, in the language of who sent it.

    Runs once: what has been read is left alone.
    """
    upload = model._default_manager.filter(pk=pk, state="reading").first()
    if upload is None:
        return
    upload.forget_rows()
    upload.failure = ""
    with override(upload.language):
        try:
            understand(upload)
        except AnswerNeededError as needed:
            upload.forget_rows()
            upload.state, upload.question = "asking", needed.question
        except SpreadsheetError as error:
            upload.forget_rows()
            upload.state, upload.failure = "failed", " ".join(error.problems)
        else:
            upload.state = "read"
    upload.touched_at = timezone.now()
    upload.save()


@transaction.atomic
def read_again(
    upload: SpreadsheetUpload, *, encoding: str, columns: dict[str, str], read: Task
) -> None:
    """Keep what somebody has answered about a file, and read it once more in the background.

    `columns` is {heading as written: column name, or "" when it is not used}; the organisation's
    next file is read by them, too. Raises `CannotConfirm`.
    """
    upload = type(upload)._default_manager.select_for_update().get(pk=upload.pk)
    if not upload.can_be_changed:
        raise CannotConfirm
    for text, name in columns.items():
        ColumnChoice.objects.update_or_create(
            organisation_id=upload.organisation_id,
            subject=upload.SUBJECT,
            heading=heading_key(text)[:HEADING_LENGTH],
            defaults={"column": name},
        )
    upload.encoding = encoding or upload.encoding
    upload.question = {}
    upload.state, upload.touched_at = "reading", timezone.now()
    upload.save()
    transaction.on_commit(partial(read.enqueue, upload.pk))


def take_up_lost(model: type[File], jobs: Mapping[str, Task], now: datetime | None = None) -> int:
    """Do the work of jobs that were lost. `jobs` are {state: its task}. Returns how many."""
    lost = model._default_manager.filter(
        state__in=jobs, touched_at__lt=(now or timezone.now()) - STUCK_AFTER
    )
    return for_each_row(list(lost.values_list("pk", "state")), partial(_take_up, jobs=jobs))


def _take_up(found: tuple[int, str], jobs: Mapping[str, Task]) -> bool:
    pk, state = found
    jobs[state].call(pk)
    return True


# --- Its rows -------------------------------------------------------------------------------------


def open_upload(
    upload: SpreadsheetUpload, *, columns: ColumnSet, limits: Limits
) -> tuple[Heading, Iterator[Row]]:
    """Return the heading of an upload and the rows below it, and note on the upload what was found.

    Raises `SpreadsheetError` and `AnswerNeededError`.
    """
    chosen = dict(
        ColumnChoice.objects.filter(
            organisation_id=upload.organisation_id, subject=upload.SUBJECT
        ).values_list("heading", "column")
    )
    rows = read_table(
        bytes(upload.content or b""), limits=limits, options=Options(encoding=upload.encoding)
    )
    try:
        heading, below = find_heading(rows, columns, chosen)
    except EncodingUnclear as unclear:
        raise AnswerNeededError({"encodings": unclear.samples}) from unclear
    upload.heading = {
        "all": heading.all_written,
        "columns": {heading_key(text): name for name, text in heading.written.items()},
        "written": heading.written,
    }
    upload.remarks = [
        _("The column “%(column)s” is not used.") % {"column": text} for text in heading.unused
    ]
    if heading.missing:
        _ask_for_missing(heading, columns)
    return heading, below


def _ask_for_missing(heading: Heading, columns: ColumnSet) -> None:
    problems = [
        _("The column “%(column)s” is missing.") % {"column": columns.labels[name]}
        for name in heading.missing
    ]
    if len(heading.all_written) < len(columns.required) or not heading.unused:
        raise SpreadsheetError(problems)
    raise AnswerNeededError({"problems": problems})


def cell_problem(heading: Heading, row: Row, name: str, label: StrOrPromise, what: str) -> str:
    """Name a cell as it is seen: “Row 17, column “Quantity” (C17): write a number.”"""
    words = {"row": row.number, "column": heading.written.get(name, label), "what": what}
    if name not in heading.places:
        return _("Row %(row)d, column “%(column)s”: %(what)s.") % words
    words["cell"] = cell_name(row.number, heading.places[name])
    return _("Row %(row)d, column “%(column)s” (%(cell)s): %(what)s.") % words


def named_values(heading: Heading, row: Row) -> dict[str, Value]:
    """Return {column name: value} of a row."""
    return {name: row[place] for name, place in heading.places.items()}


def kept(value: Value) -> Value:
    """Return `value` as it can be kept in JSON."""
    return str(value) if isinstance(value, BadCell) else value
