"""The page on which a list of schools is imported: the file, what it would do, and yes."""

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.municipalities.models import Municipality
from marketplace.organisations.permissions import can_import_schools
from marketplace.organisations.school_units.forms import SchoolListForm
from marketplace.organisations.school_units.reading import SchoolUnit
from marketplace.organisations.school_units.services import (
    CHANGED,
    LEFT_OUT,
    NEW,
    SAME,
    carry_out,
    plan,
)
from marketplace.roles.permissions import municipalities_for

SALT = "school-units"
AN_HOUR = 3600


def import_schools(request: HttpRequest) -> HttpResponse:
    """Show what a file would do, and do it once somebody has said yes to that."""
    if not can_import_schools(request.user):
        raise PermissionDenied
    limited = municipalities_for(request.user)
    municipalities = Municipality.objects.all() if limited is None else limited
    if "units" in request.POST:
        return confirm(request, municipalities)
    form = SchoolListForm(
        request.POST or None, request.FILES or None, municipalities=municipalities
    )
    planned = None
    if request.method == "POST" and form.is_valid():
        units, default = form.cleaned_data["file"], form.cleaned_data["municipality"]
        planned = plan(units, municipalities=municipalities, default=default)
    return render(
        request,
        "marketplace/organisations/admin/import_schools.html",
        {
            "form": form,
            "planned": planned,
            "parts": parts(planned or []),
            "units": planned and signed(request, planned),
        },
    )


def parts(planned: list) -> list[tuple]:
    """The rows of the preview by what becomes of them, with a heading each."""
    headings = {
        NEW: _("New"),
        CHANGED: _("Changed"),
        LEFT_OUT: _("Left out"),
        SAME: _("Unchanged"),
    }
    found = [
        (heading, [each for each in planned if each.change == change])
        for change, heading in headings.items()
    ]
    return [(heading, rows) for heading, rows in found if rows]


def signed(request: HttpRequest, planned: list) -> str:
    """The units that the preview shows, so that yes is said to them and to nothing else."""
    units = [
        {**each.unit.as_dict(), "municipality": each.municipality.code}
        for each in planned
        if each.municipality and each.change in (NEW, CHANGED)
    ]
    said = {"by": request.user.pk, "units": units}
    return signing.dumps(said, salt=SALT, compress=True) if units else ""


def confirm(request: HttpRequest, municipalities: QuerySet[Municipality]) -> HttpResponse:
    try:
        said = signing.loads(request.POST["units"], salt=SALT, max_age=AN_HOUR)
    except signing.BadSignature:
        said = {}
    if said.get("by") != request.user.pk:
        messages.error(request, _("The preview is too old. Choose the file again."))
        return redirect("import_schools")
    # Planned once more: somebody may have changed something since the preview.
    units = [SchoolUnit(**each) for each in said["units"]]
    counted = carry_out(plan(units, municipalities=municipalities))
    messages.success(
        request,
        _("%(new)d schools and preschools are new, %(changed)d are changed.")
        % {"new": counted[NEW], "changed": counted[CHANGED]},
    )
    return redirect("wagtailsnippets_marketplace_organisation:list")
