"""The pages on which a list of schools is imported: the file, what it would do, and yes."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.organisations.permissions import can_import_schools, municipalities_to_import
from marketplace.organisations.school_units.forms import SchoolListForm
from marketplace.organisations.school_units.importing import confirm_schools, receive_schools
from marketplace.organisations.school_units.models import SchoolImport
from marketplace.organisations.school_units.services import CHANGED, LEFT_OUT, NEW, SAME
from marketplace.review.errors import ExchangeError
from marketplace.spreadsheets.views import received
from portal.foundation.users.requests import SignedInRequest

ROWS_PER_PAGE = 200


def import_schools(request: SignedInRequest) -> HttpResponse:
    """Take a file, and lead to the page that shows what it would do."""
    if not can_import_schools(request.user):
        raise PermissionDenied
    form = SchoolListForm(
        request.POST or None,
        request.FILES or None,
        municipalities=municipalities_to_import(request.user),
    )
    if request.method == "POST" and form.is_valid():
        receive = partial(
            receive_schools,
            file=form.cleaned_data["file"],
            municipality=form.cleaned_data["municipality"],
            by=request.user,
            language=get_language() or "sv",
        )
        if kept := received(form, receive, limit="import_person", key=request.user.pk):
            return redirect("school_import", pk=kept.pk)
    return render(
        request,
        "marketplace/organisations/admin/import_schools.html",
        {"form": form, "sent": _own(request).exclude(state=SchoolImport.State.DONE)},
    )


def _own(request: SignedInRequest):
    return SchoolImport.objects.filter(created_by=request.user).defer("content", "rows")


def school_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a file would do, until somebody has said yes or no; then what it did."""
    if not can_import_schools(request.user):
        raise PermissionDenied
    found = get_object_or_404(_own(request), pk=pk)
    if request.method == "POST":
        return _decide(request, found)
    headings = {
        LEFT_OUT: _("Left out"),
        NEW: _("New"),
        CHANGED: _("Changed"),
        SAME: _("Unchanged"),
    }
    rows = [] if found.is_working else found.rows
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("p"))
    return render(
        request,
        "marketplace/organisations/admin/school_import.html",
        {
            "found": found,
            "counted": [
                (heading, found.counted.get(change, 0)) for change, heading in headings.items()
            ],
            "rows": [(headings[row["change"]], row) for row in page],
            "page": page,
        },
    )


def _decide(request: SignedInRequest, found: SchoolImport) -> HttpResponse:
    if "remove" in request.POST:
        if not found.is_working:
            found.delete()
            messages.success(request, _("Discarded."))
        return redirect("import_schools")
    try:
        confirm_schools(found)
    except ExchangeError as error:
        messages.error(request, str(error))
    return redirect("school_import", pk=found.pk)
