"""The yearly report as a file to take home."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.permissions import can_see_figures, figure_municipalities
from marketplace.yearly_pdf import file_name, yearly_report

from .chosen import visible_municipalities
from .dashboard import report_years

ALL = "alla"


@require_safe
def report(request, code, year):
    """The PDF of a municipality, by its official code; "alla" for those who may see all."""
    if not can_see_figures(request.user):
        raise PermissionDenied
    visible = visible_municipalities(request)
    if code == ALL and figure_municipalities(request.user) is None:
        chosen, name, slug = visible, _("all municipalities"), ALL
    else:
        chosen = [each for each in visible if each.code == code]
        name, slug = (chosen[0].name, chosen[0].slug) if chosen else ("", "")
    if not chosen or year not in report_years():
        raise Http404
    pdf = yearly_report(municipalities=chosen, year=year, name=name, everywhere=code == ALL)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(slug, year)}"'
    response["Cache-Control"] = "private, no-store"
    return response
