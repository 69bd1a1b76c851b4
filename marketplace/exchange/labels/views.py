"""Labels for boxes that wait to be picked up; scanning one opens the reservation."""

import segno
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from marketplace.exchange.labels.pdf import labels_pdf
from marketplace.exchange.reservations.models import Reservation
from marketplace.organisations.permissions import acting_organisation
from portal.foundation.printing import pdf_response


def chosen_labels(request):
    """(reservation, what its code leads to) of what the acting organisation has promised.

    `?bokning=<pk>`, repeated for several, chooses only those; `?material=<pk>` those of a listing.
    """
    organisation = acting_organisation(request)
    if organisation is None:
        raise PermissionDenied
    promised = Reservation.objects.accepted().given_by(organisation).with_parties()
    if chosen := numbers(request.GET.getlist("bokning")):
        promised = promised.filter(pk__in=chosen)
    if listings := numbers(request.GET.getlist("material")):
        promised = promised.filter(listing__in=listings)
    return [(reservation, handover_url(request, reservation)) for reservation in promised]


@login_required
@require_GET
def labels(request):
    """Labels as a page, for those who print from the browser."""
    found = [(reservation, qr_code(url)) for reservation, url in chosen_labels(request)]
    return render(
        request,
        "marketplace/exchange/labels/labels.html",
        {"labels": found, "query": request.GET.urlencode()},
    )


@login_required
@require_GET
def labels_as_pdf(request):
    """The same labels as A4 sheets that come out alike on every printer."""
    found = chosen_labels(request)
    if not found:
        return redirect("marketplace:labels")
    name = _("labels")
    return pdf_response(labels_pdf(found), f"{name}.pdf")


def numbers(values):
    """Those of `values` that can be the number of a row."""
    return [int(value) for value in values if value.isdecimal() and len(value) < 19]


def handover_url(request, reservation):
    """Where a scanned label leads: the reservation, with the handover's form open."""
    path = reverse("marketplace:reservation", args=[reservation.pk])
    return request.build_absolute_uri(f"{path}?overlamning=1#overlamning")


def qr_code(text):
    """`text` as an SVG drawing for the page, dark on light whatever the colours of the page."""
    code = segno.make(text, error="m")
    return mark_safe(code.svg_inline(omitsize=True, light="#fff"))  # noqa: S308  # only shapes
