"""What the pages of every import do: take a file, and decide what becomes of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_tasks.base import Task

from marketplace.review.errors import ExchangeError
from marketplace.spreadsheets.forms import answer_form
from marketplace.spreadsheets.models import SpreadsheetUpload
from marketplace.spreadsheets.services import read_again
from portal.foundation import throttling
from portal.foundation.spreadsheets.headings import ColumnSet
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.values import as_text
from portal.foundation.text_types import StrOrPromise

ROWS_PER_PAGE = 50

File = TypeVar("File")


def received(form: Form, receive: Callable[[], File], *, limit: str, key: object) -> File | None:
    """What `receive` makes of the form's file; None after saying beside the field why not.

    `limit` and `key` count how often files are sent (see `throttling`).
    """
    try:
        throttling.consume(limit, key=str(key))
        return receive()
    except SpreadsheetError as error:
        form.add_error("file", error.problems)
    except throttling.TooOften as error:
        form.add_error("file", str(error))
    return None


def shows_only_wrong(request: HttpRequest, upload: SpreadsheetUpload) -> bool:
    """Whether the page shows the rows with errors alone: `?alla` shows all."""
    return upload.with_errors > 0 and "alla" not in request.GET


def preview(
    request: HttpRequest,
    template: str,
    upload: SpreadsheetUpload,
    *,
    labels: Mapping[str, StrOrPromise],
    written: Collection[str],
    rows: Sequence[dict[str, Any]] | QuerySet,
    **context: Any,
) -> HttpResponse:
    """The page of a file. `rows` have "number", "values", "understood" and "problems".

    Of the columns in `labels`, those in `written` are shown.
    """
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("sida"))
    present = [name for name in labels if name in written]
    for row in page:
        row["cells"] = [
            row["understood"].get(name) or as_text(row["values"].get(name, "")) for name in present
        ]
    context |= {
        "upload": upload,
        "page": page,
        "headings": [labels[name] for name in present],
        "only_wrong": shows_only_wrong(request, upload),
    }
    return render(request, template, context)


def decide(
    request: HttpRequest,
    upload: SpreadsheetUpload,
    *,
    columns: ColumnSet,
    read: Task,
    confirm: Callable[[], HttpResponse],
    show: Callable[[Form | None], HttpResponse],
    start: str,
) -> HttpResponse:
    """Throw a file away, read it again with answers, or `confirm` it.

    `show` is its page with a form that has errors, `start` the URL of the form for another file.
    """
    action = request.POST.get("action")
    if action == "remove":
        if upload.state in upload.UNDECIDED:
            upload.delete()
            messages.success(request, _("Discarded. Nothing was imported."))
        return redirect(start)
    try:
        if action != "answer":
            return confirm()
        form = answer_form(request.POST, upload=upload, columns=columns)
        if form is None or not form.is_valid():
            return show(form)
        read_again(upload, **form.answers(), read=read)
    except ExchangeError as error:
        messages.error(request, str(error))
    return redirect(upload)
