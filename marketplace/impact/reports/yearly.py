"""Download of the yearly report."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.impact.figures.forms import ledger_span
from marketplace.impact.permissions import can_see_figures
from marketplace.impact.reports.dashboard import report_years
from marketplace.impact.reports.parameters import visible_municipalities
from marketplace.impact.yearly_reports.pdf import file_name, yearly_report
from marketplace.roles.permissions import figure_municipalities
from portal.foundation.printing import pdf_response

ALL = "alla"


@require_safe
def report(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Serve the PDF of a municipality by its official code, or of all by "alla"."""
    if not can_see_figures(request.user):
        raise PermissionDenied
    visible = visible_municipalities(request)
    if code == ALL and figure_municipalities(request.user) is None:
        chosen, name, slug = visible, _("all municipalities"), ALL
    else:
        chosen = [each for each in visible if each.code == code]
        name, slug = (chosen[0].name, chosen[0].slug) if chosen else ("", "")
    if not chosen or year not in report_years(ledger_span()):
        raise Http404
    pdf = yearly_report(municipalities=chosen, year=year, name=name, everywhere=code == ALL)
    response = pdf_response(pdf, file_name(slug, year), as_attachment=True)
    response["Cache-Control"] = "private, no-store"
    return response
