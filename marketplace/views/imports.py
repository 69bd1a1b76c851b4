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

from marketplace import imports, permissions
from marketplace.errors import ExchangeError
from marketplace.forms.imports import REQUIRED, ImportForm, columns
from marketplace.models import ListingImport
from marketplace.spreadsheets import XLSX, SpreadsheetError

ROWS_PER_PAGE = 50


def giver(request):
    """The company that the person acts for."""
    organisation = permissions.acting_organisation(request)
    if organisation is None or not (
        organisation.is_company and permissions.can_offer(request.user)
    ):
        raise PermissionDenied
    return organisation


@login_required
def import_list(request):
    """The form for a file, and the files sent before."""
    organisation = giver(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = imports.receive_spreadsheet(
                file=form.cleaned_data["file"],
                organisation=organisation,
                by=request.user,
                language=get_language(),
            )
        except SpreadsheetError as error:
            form.add_error("file", error.problems)
        else:
            return redirect("marketplace:import", pk=batch.pk)
    found = ListingImport.objects.of_organisation(organisation).defer("content")
    page = Paginator(found, 20).get_page(request.GET.get("sida"))
    return render(request, "marketplace/imports.html", {"form": form, "page": page})


def own_import(request, pk):
    found = get_object_or_404(
        ListingImport.objects.select_related("organisation").defer("content"), pk=pk
    )
    if not permissions.can_import_listings(request.user, found.organisation):
        raise PermissionDenied
    return found


@login_required
def import_detail(request, pk):
    """How far it has come: what is wrong, row by row, or what it would become."""
    batch = own_import(request, pk)
    rows = batch.rows.select_related("listing")
    only_wrong = batch.with_errors > 0 and "alla" not in request.GET
    page = Paginator(rows.wrong() if only_wrong else rows, ROWS_PER_PAGE).get_page(
        request.GET.get("sida")
    )
    names = columns()
    return render(
        request,
        "marketplace/import.html",
        {
            "batch": batch,
            "page": page,
            "only_wrong": only_wrong,
            "headings": [names[name] for name in REQUIRED],
            "rows": [(row, [row.values.get(name, "") for name in REQUIRED]) for row in page],
            "right": batch.total - batch.with_errors,
        },
    )


@login_required
@require_POST
def import_decide(request, pk):
    """Say yes to a whole file, or throw it away."""
    batch = own_import(request, pk)
    if request.POST.get("action") == "remove":
        if batch.state in (ListingImport.State.READ, ListingImport.State.FAILED):
            batch.delete()
            messages.success(request, _("Thrown away. Nothing was imported."))
        return redirect("marketplace:imports")
    try:
        imports.confirm_import(batch=batch, review="drafts" not in request.POST)
    except ExchangeError as error:
        messages.error(request, str(error))
    return redirect("marketplace:import", pk=batch.pk)


@login_required
@require_GET
def import_template(request):
    """An empty spreadsheet to fill in, in the reader's language."""
    giver(request)
    response = HttpResponse(imports.template(), content_type=XLSX)
    name = _("listings")
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
