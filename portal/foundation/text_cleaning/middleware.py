"""Everything that is typed anywhere passes here: forms, the admin, parameters of addresses."""

import re
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from portal.foundation.text_cleaning.cleaning import clean_text

# A password with unusual characters must be kept exactly as it was typed.
AS_TYPED = re.compile("password", re.IGNORECASE)
NUL = "\x00"
# More digits than the databases' largest whole number has.
ENDLESS_NUMBER = re.compile(r"\d{19,}")
# What Django says of a word where the number of a row is meant.
NOT_A_NUMBER = re.compile(r"expected a number but got (.+)\.$", re.DOTALL)


class CleanText:
    """Clean the parameters, form fields and file names of each request.

    NUL is refused: in an address with a page that says so, in a form by the field it stands in.
    What forms do not check, and a database cannot take, ends at that page as well and never as a
    fault: NUL in a value that a view reads by itself, numbers with thousands of digits, words for
    the number of a row, which Wagtail looks up without asking.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = cleaned(request.GET)  # type: ignore[assignment]  # immutable again
        if any(NUL in each for values in request.GET.lists() for each in (values[0], *values[1])):
            return refused(request)
        if request.method == "POST":
            request.POST = cleaned(request.POST)  # type: ignore[assignment]  # immutable again
            for _name, uploads in request.FILES.lists():
                for upload in uploads:
                    if upload.name:
                        upload.name = clean_text(upload.name)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ValueError | OverflowError | DataError | BadRequest):
            return None
        word = word_for_a_number(error)
        if ENDLESS_NUMBER.search(request.path) or word in map(repr, request.path.split("/")):
            raise Http404 from error
        sent = sent_values(request)
        return refused(request) if word in map(repr, sent) or cannot_be_stored(sent) else None


def cleaned(values: QueryDict) -> QueryDict:
    """`values` with every name and value cleaned, the same object where nothing was to do."""
    new = QueryDict(mutable=True, encoding=values.encoding)
    for name, texts in values.lists():
        keep = AS_TYPED.search(name)
        new.setlist(
            clean_text(name, keep_nul=True),
            texts if keep else [clean_text(text, keep_nul=True) for text in texts],
        )
    if new == values:
        return values
    new._mutable = False
    return new


def word_for_a_number(error: Exception) -> str:
    """What stood where a number was meant, as Python writes it, if that was the fault."""
    found = NOT_A_NUMBER.search(str(error))
    return found[1] if found else ""


def sent_values(request: HttpRequest) -> list[str]:
    return [text for data in (request.GET, request.POST) for _n, ts in data.lists() for text in ts]


def cannot_be_stored(values: list[str]) -> bool:
    """Whether one of `values` is what databases have no place for."""
    return any(NUL in text or ENDLESS_NUMBER.search(text) for text in values)


def refused(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/400.html", status=400)
