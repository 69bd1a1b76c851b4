"""The purchases of a term, as a receiver reports them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from marketplace import permissions
from marketplace.forms.purchases import PurchaseForm, SpreadsheetForm, chosen_term, terms
from marketplace.models import MaterialCategory, PurchaseReport
from marketplace.purchases import report_purchases, template
from marketplace.spreadsheets import XLSX
from portal.collation import swedish_order


def receiver(request):
    """The receiver that the person acts for, or else the first of their own."""
    if not permissions.can_report_purchases(request.user):
        raise PermissionDenied
    acting = permissions.acting_organisation(request)
    if acting.is_receiver:
        return acting
    return permissions.own_organisations(request.user).receivers().first()


@login_required
def purchases(request):
    """The report of a term: a row per kind of material, or a spreadsheet."""
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
    if uploads and upload.is_valid():
        report_purchases(
            organisation=organisation,
            year=year,
            term=term,
            purchases=upload.purchases,
            by=request.user,
            keep=True,
        )
        return _saved(request, year, term)
    return render(
        request,
        "marketplace/purchases.html",
        {
            "organisation": organisation,
            "forms": forms,
            "upload": upload,
            "terms": terms(),
            "term": f"{term.value}{year}",
            "invalid": saves,
        },
    )


def _saved(request, year, term):
    messages.success(request, _("Thank you! The report of the term has been saved."))
    return redirect(f"{reverse('marketplace:purchases')}?termin={term.value}{year}")


def _forms(data, earlier):
    """A form for each top category, and for what a spreadsheet has reported more precisely."""
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
def purchases_template(request):
    """An empty spreadsheet with every material in the reader's language."""
    receiver(request)
    names = sorted(MaterialCategory.objects.names().values(), key=swedish_order)
    response = HttpResponse(template(names), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="inkop.xlsx"'
    return response
