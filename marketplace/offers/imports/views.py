"""Several listings at once from a spreadsheet: send it, look it through, say yes."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marketplace.offers.imports.columns import REQUIRED, column_set, labels
from marketplace.offers.imports.forms import ImportForm
from marketplace.offers.imports.models import ListingImport
from marketplace.offers.imports.services import (
    confirm_import,
    read_import,
    receive_spreadsheet,
    template,
)
from marketplace.offers.permissions import can_import_listings
from marketplace.organisations.permissions import can_offer, giving_organisation
from marketplace.spreadsheets.forms import answer_form
from marketplace.spreadsheets.views import decide, preview, received, shows_only_wrong
from portal.foundation.spreadsheets import XLSX_CONTENT_TYPE


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
        receive = partial(
            receive_spreadsheet,
            file=form.cleaned_data["file"],
            organisation=organisation,
            by=request.user,
            language=get_language(),
        )
        if batch := received(form, receive, limit="import_organisation", key=organisation.pk):
            return redirect(batch)
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
    rows = batch.rows.wrong() if shows_only_wrong(request, batch) else batch.rows.all()
    columns_of_row = ("number", "values", "understood", "problems", "listing")
    return preview(
        request,
        "marketplace/offers/imports/import.html",
        batch,
        labels=labels(),
        # Files that were read before headings were kept show the columns that they must have.
        written=batch.heading.get("written", REQUIRED),
        rows=rows.values(*columns_of_row, title=F("listing__title")),
        form=form if batch.can_be_changed else None,
        decide_url=reverse("marketplace:import_decide", args=[batch.pk]),
        start_url=reverse("marketplace:imports"),
    )


@login_required
@require_POST
def import_decide(request, pk):
    """Say yes to a whole file, read it in another way, or throw it away."""
    batch = own_import(request, pk)

    def confirm():
        confirm_import(batch=batch, review="drafts" not in request.POST)
        return redirect(batch)

    return decide(
        request,
        batch,
        columns=column_set(),
        read=read_import,
        confirm=confirm,
        show=partial(_show, request, batch),
        start=reverse("marketplace:imports"),
    )


@login_required
@require_GET
def import_template(request):
    """An empty spreadsheet to fill in, in the reader's language."""
    giver(request)
    response = HttpResponse(template(), content_type=XLSX_CONTENT_TYPE)
    name = _("listings")
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
