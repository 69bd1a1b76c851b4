"""Pages where receivers report the purchases of a term."""

from collections.abc import Mapping
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marketplace.impact.permissions import can_report_purchases
from marketplace.impact.purchase_imports.columns import column_set, labels
from marketplace.impact.purchase_imports.models import PurchaseImport
from marketplace.impact.purchase_imports.services import (
    confirm_purchases,
    read_purchases,
    receive_purchases,
)
from marketplace.impact.purchases.forms import PurchaseForm, SpreadsheetForm, chosen_term, terms
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.purchases.services import report_purchases, template
from marketplace.materials.models import MaterialCategory
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import acting_organisation, own_organisations
from marketplace.spreadsheets.forms import answer_form
from marketplace.spreadsheets.views import decide, preview, received, shows_only_wrong
from portal.foundation.collation import swedish_order
from portal.foundation.spreadsheets import XLSX_CONTENT_TYPE
from portal.foundation.users.models import User
from portal.foundation.users.requests import SignedInRequest


def receiver(request: SignedInRequest) -> Organisation:
    """Return the receiver that the user acts for, or else the first they belong to."""
    if not can_report_purchases(request.user):
        raise PermissionDenied
    acting = acting_organisation(request)
    if acting and acting.is_municipal:
        return acting
    return own_organisations(request.user).municipal().first()


@login_required
def purchases(request: SignedInRequest) -> HttpResponse:
    """Report the purchases of a term, by category or as a spreadsheet."""
    organisation = receiver(request)
    year, term = chosen_term(request.GET.get("termin", ""))
    earlier = {
        report.category_id: report
        for report in PurchaseReport.objects.of_organisation(organisation).of_term(year, term)
    }
    saves = request.method == "POST" and "save" in request.POST
    uploads = request.method == "POST" and not saves
    forms = _forms(request.POST if saves else None, earlier)
    upload = SpreadsheetForm(request.POST if uploads else None, request.FILES if uploads else None)
    if saves and all([form.is_valid() for form in forms]):
        given = [form.purchase for form in forms if form.purchase]
        report_purchases(
            organisation=organisation, year=year, term=term, purchases=given, by=request.user
        )
        return _saved(request, year, term)
    if (
        uploads
        and upload.is_valid()
        and (kept := _received(upload, organisation, year, term, by=request.user))
    ):
        return redirect(kept)
    return render(
        request,
        "marketplace/impact/purchases/purchases.html",
        {
            "organisation": organisation,
            "forms": forms,
            "upload": upload,
            "terms": terms(),
            "term": f"{term.value}{year}",
            "invalid": saves,
            "waiting": PurchaseImport.objects.of_organisation(organisation)
            .undecided()
            .defer("content", "rows"),
        },
    )


def _received(
    form: SpreadsheetForm, organisation: Organisation, year: int, term: str, *, by: User
) -> PurchaseImport | None:
    receive = partial(
        receive_purchases,
        file=form.cleaned_data["file"],
        organisation=organisation,
        year=year,
        term=term,
        by=by,
        language=get_language() or "",
    )
    return received(form, receive, limit="import_organisation", key=organisation.pk)


def _saved(request: HttpRequest, year: int, term: PurchaseReport.Term) -> HttpResponse:
    messages.success(request, _("Thank you! The report of the term has been saved."))
    return redirect(_purchases_url(year, term))


def _forms(data: QueryDict | None, earlier: Mapping[int, PurchaseReport]) -> list[PurchaseForm]:
    """Return a form per top category, and per subcategory that a spreadsheet has reported."""
    names = MaterialCategory.objects.names()
    shown = [
        category
        for category in MaterialCategory.objects.source()
        if category.parent_id is None or category.pk in earlier
    ]
    shown.sort(key=lambda category: swedish_order(names[category.pk]))
    return [
        PurchaseForm(
            data, category=category, name=names[category.pk], earlier=earlier.get(category.pk)
        )
        for category in shown
    ]


@login_required
@require_GET
def purchases_template(request: SignedInRequest) -> HttpResponse:
    """Serve an empty spreadsheet with all categories in the user's language."""
    receiver(request)
    names = sorted(MaterialCategory.objects.names().values(), key=swedish_order)
    response = HttpResponse(template(names), content_type=XLSX_CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="inkop.xlsx"'
    return response


def own_import(request: SignedInRequest, pk: int) -> PurchaseImport:
    return get_object_or_404(
        PurchaseImport.objects.of_organisation(receiver(request)).defer("content"), pk=pk
    )


@login_required
def purchase_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """Preview how a spreadsheet was understood before it is added to the report."""
    upload = own_import(request, pk)
    form = answer_form(None, upload=upload, columns=column_set())
    return _show_import(request, upload, form)


def _show_import(request: HttpRequest, upload: PurchaseImport, form: Form | None) -> HttpResponse:
    rows = upload.rows
    if shows_only_wrong(request, upload):
        rows = [row for row in rows if row["problems"]]
    return preview(
        request,
        "marketplace/impact/purchases/purchase_import.html",
        upload,
        labels=labels(),
        written=upload.heading.get("written", {}),
        rows=rows,
        form=form if upload.can_be_changed else None,
        period=f"{PurchaseReport.Term(upload.term).label} {upload.year}",
        decide_url=reverse("marketplace:purchase_import_decide", args=[upload.pk]),
        start_url=_purchases_url(upload.year, upload.term),
    )


def _purchases_url(year: int, term: str) -> str:
    return f"{reverse('marketplace:purchases')}?termin={term}{year}"


@login_required
@require_POST
def purchase_import_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm an import, parse it again with answers, or discard it."""
    upload = own_import(request, pk)

    def confirm() -> HttpResponse:
        confirm_purchases(upload, by=request.user)
        return _saved(request, upload.year, PurchaseReport.Term(upload.term))

    return decide(
        request,
        upload,
        columns=column_set(),
        read=read_purchases,
        confirm=confirm,
        show=partial(_show_import, request, upload),
        start=_purchases_url(upload.year, upload.term),
    )
