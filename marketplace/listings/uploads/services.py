"""What reading listings and reading purchases have in common."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.listings.uploads.models import ColumnChoice, SpreadsheetUpload
from portal.foundation.spreadsheets.headings import ColumnSet, Heading, find_heading, heading_key
from portal.foundation.spreadsheets.reading import read_table
from portal.foundation.spreadsheets.refusals import EncodingUnclear, SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, Options, Row, cell_name
from portal.foundation.spreadsheets.values import BadCell, Value
from portal.foundation.text_types import StrOrPromise

HEADING_LENGTH = ColumnChoice._meta.get_field("heading").max_length


class AnswerNeededError(Exception):
    """The file cannot be read before somebody answers. `question` is kept on the upload."""

    def __init__(self, question: dict) -> None:
        super().__init__(str(question))
        self.question = question


def open_upload(
    upload: SpreadsheetUpload, *, subject: str, columns: ColumnSet, limits: Limits
) -> tuple[Heading, Iterator[Row]]:
    """Return the heading of an upload and the rows below it, and note on the upload what was found.

    Raises `SpreadsheetError` and `AnswerNeededError`.
    """
    chosen = dict(
        ColumnChoice.objects.filter(
            organisation_id=upload.organisation_id, subject=subject
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


@transaction.atomic
def answer_question(
    upload: SpreadsheetUpload, *, subject: str, encoding: str, columns: dict[str, str]
) -> None:
    """Keep what somebody has answered about a file, and remember columns for the next one.

    `columns` is {heading as written: column name, or "" when it is not used}. The caller starts
    the reading again.
    """
    upload.encoding = encoding or upload.encoding
    upload.question = {}
    for text, name in columns.items():
        ColumnChoice.objects.update_or_create(
            organisation_id=upload.organisation_id,
            subject=subject,
            heading=heading_key(text)[:HEADING_LENGTH],
            defaults={"column": name},
        )
