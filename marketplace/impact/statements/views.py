"""A company's own effect, and its yearly effect statement as a PDF."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.permissions import can_see_effect_statement
from marketplace.impact.statements import services as statements_services
from marketplace.impact.statements.pdf import LARGE_KEYS, effect_statement, file_name
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import acting_organisation
from portal.foundation.printing import pdf_response
from portal.foundation.users.requests import SignedInRequest

LANGUAGES = ["sv", "en"]


@login_required
@require_safe
def own_effect(request: SignedInRequest) -> HttpResponse:
    """List the years of the user's company, each with its figures and statement."""
    organisation = acting_organisation(request)
    if organisation is None or not can_see_effect_statement(request.user, organisation):
        raise PermissionDenied
    years = [
        {
            "year": year,
            "figures": [(FIGURES[key], values[key]) for key in LARGE_KEYS],
            "ideas": values["ideas_sent"],
            "is_over": year < timezone.localdate().year,
            "files": files(organisation, year),
        }
        for year, values in statements_services.years(organisation)
    ]
    return render(
        request,
        "marketplace/impact/statements/own_effect.html",
        {"organisation": organisation, "years": years},
    )


def files(organisation: Organisation, year: int) -> list[tuple[str, str, str]]:
    """Return [(language name, code, URL of the statement)]."""
    found = []
    for code in LANGUAGES:
        with override(code):
            address = reverse("marketplace:effect_statement", args=[organisation.pk, year])
        found.append((get_language_info(code)["name_local"], code, address))
    return found


@login_required
@require_safe
def statement(request: SignedInRequest, pk: int, year: int) -> HttpResponse:
    """Serve the PDF of a year, in the language of the URL."""
    organisation = get_object_or_404(Organisation, pk=pk)
    if not can_see_effect_statement(request.user, organisation):
        raise PermissionDenied
    if year not in dict(statements_services.years(organisation)):
        messages.info(
            request,
            _("No material changed hands in %(year)d, so there is no statement of that year.")
            % {"year": year},
        )
        return redirect("marketplace:own_effect")
    pdf = effect_statement(organisation=organisation, year=year)
    response = pdf_response(pdf, file_name(organisation, year), as_attachment=True)
    response["Cache-Control"] = "private, no-store"
    return response
