"""Labels for boxes, eight to an A4 sheet: two across and four down, to cut or on sticky paper."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from marketplace.materials.units import format_quantity
from portal.foundation.printing.drawings import qr_svg
from portal.foundation.printing.pdf import compile_pdf

TEMPLATE = "marketplace/exchange/labels.typ"


def labels_pdf(labels):
    """The sheets for `labels`, pairs of a reservation and what its code leads to, as bytes."""
    data = {"labels": [label(reservation, link) for reservation, link in labels]}
    return compile_pdf(TEMPLATE, data, title=_("Labels"))


def label(reservation, link):
    listing = reservation.listing
    return {
        "title": listing.title,
        "code": qr_svg(link),
        "link": link,
        "alt": _("QR code that opens %(address)s") % {"address": link},
        "scan": _("Scan me when you collect this"),
        "quantity": format_quantity(reservation.quantity, listing.stock.unit),
        "receiver": reservation.organisation.name,
        "facts": facts(reservation),
    }


def facts(reservation):
    """For whom it is safe; when and where the box is fetched, as far as that is known."""
    listing, found = reservation.listing, []
    line = listing.safety_line
    found.append(f"{line.words}. {line.reason}")
    if reservation.pickup_at:
        found.append(date_format(localtime(reservation.pickup_at), "DATETIME_FORMAT"))
    if listing.storage_place:
        found.append(_("Place: %(place)s") % {"place": listing.storage_place})
    if listing.reference:
        found.append(_("Ref: %(reference)s") % {"reference": listing.reference})
    return found
