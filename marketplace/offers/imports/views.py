"""Several listings at once from a spreadsheet: send it, look it through, say yes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marketplace.listings.uploads.forms import answer_form
from marketplace.offers.imports.forms import REQUIRED, ImportForm, column_set, columns
from marketplace.offers.imports.models import ListingImport
from marketplace.offers.imports.services import (
    answer,
    confirm_import,
    receive_spreadsheet,
    template,
)
from marketplace.offers.permissions import can_import_listings
from marketplace.organisations.permissions import can_offer, giving_organisation
from marketplace.review.errors import ExchangeError
from portal.foundation import throttling
from portal.foundation.spreadsheets import XLSX_CONTENT_TYPE
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.values import as_text

ROWS_PER_PAGE = 50


def giver(request):
    """The organisation that the person offers for."""
    organisation = giving_organisation(request)
    if organisation is None or not can_offer(request.user):
        raise PermissionDenied
    return organisation


@login_required
def import_list(request):
    """The form for a file, and the files sent before."""
    organisation = giver(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            throttling.consume("import_organisation", key=str(organisation.pk))
            batch = receive_spreadsheet(
                file=form.cleaned_data["file"],
                organisation=organisation,
                by=request.user,
                language=get_language(),
            )
        except SpreadsheetError as error:
            form.add_error("file", error.problems)
        except throttling.TooOften as error:
            form.add_error("file", str(error))
        else:
            return redirect("marketplace:import", pk=batch.pk)
    found = ListingImport.objects.of_organisation(organisation).defer("content")
    page = Paginator(found, 20).get_page(request.GET.get("sida"))
    return render(request, "marketplace/offers/imports/imports.html", {"form": form, "page": page})


def own_import(request, pk):
    found = get_object_or_404(
        ListingImport.objects.select_related("organisation").defer("content"), pk=pk
    )
    if not can_import_listings(request.user, found.organisation):
        raise PermissionDenied
    return found


@login_required
def import_detail(request, pk):
    """How far it has come: what is wrong, row by row, or what it would become."""
    batch = own_import(request, pk)
    return _show(request, batch, answer_form(None, upload=batch, columns=column_set()))


def _show(request, batch, form):
    rows = batch.rows.select_related("listing")
    only_wrong = batch.with_errors > 0 and "alla" not in request.GET
    page = Paginator(rows.wrong() if only_wrong else rows, ROWS_PER_PAGE).get_page(
        request.GET.get("sida")
    )
    names = columns()
    # Files that were read before headings were kept show the columns that they must have.
    present = [name for name in names if name in batch.heading.get("written", REQUIRED)]
    return render(
        request,
        "marketplace/offers/imports/import.html",
        {
            "batch": batch,
            "form": form if batch.can_be_changed else None,
            "page": page,
            "only_wrong": only_wrong,
            "headings": [names[name] for name in present],
            "rows": [
                (
                    row,
                    [
                        row.understood.get(name) or as_text(row.values.get(name, ""))
                        for name in present
                    ],
                )
                for row in page
            ],
            "right": batch.total - batch.with_errors,
        },
    )


@login_required
@require_POST
def import_decide(request, pk):
    """Say yes to a whole file, read it in another way, or throw it away."""
    batch = own_import(request, pk)
    action = request.POST.get("action")
    if action == "remove":
        if batch.state in ListingImport.UNDECIDED:
            batch.delete()
            messages.success(request, _("Discarded. Nothing was imported."))
        return redirect("marketplace:imports")
    try:
        if action != "answer":
            confirm_import(batch=batch, review="drafts" not in request.POST)
            return redirect("marketplace:import", pk=batch.pk)
        form = answer_form(request.POST, upload=batch, columns=column_set())
        if form is None or not form.is_valid():
            return _show(request, batch, form)
        answer(batch=batch, answers=form.answers())
    except ExchangeError as error:
        messages.error(request, str(error))
    return redirect("marketplace:import", pk=batch.pk)


@login_required
@require_GET
def import_template(request):
    """An empty spreadsheet to fill in, in the reader's language."""
    giver(request)
    response = HttpResponse(template(), content_type=XLSX_CONTENT_TYPE)
    name = _("listings")
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
