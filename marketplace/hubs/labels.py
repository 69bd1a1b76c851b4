"""Labels of shelves and cards of units: the same sheets as the labels of boxes."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.exchange.labels.pdf import TEMPLATE
from marketplace.hubs.models import HubCard, Shelf
from portal.foundation.mail.rendering import absolute
from portal.foundation.printing.drawings import qr_svg
from portal.foundation.printing.pdf import compile_pdf


def shelves_pdf(shelves) -> bytes:
    """The labels of `shelves`, eight to a sheet."""
    return compile_pdf(
        TEMPLATE, {"labels": [shelf_label(each) for each in shelves]}, title=_("Labels")
    )


def cards_pdf(cards) -> bytes:
    """`cards` to cut out, eight to a sheet."""
    return compile_pdf(TEMPLATE, {"labels": [card_label(each) for each in cards]}, title=_("Cards"))


def shelf_label(shelf: Shelf) -> dict:
    return label(
        link=absolute(shelf.get_absolute_url()),
        title=shelf.name,
        scan=_("Scan me and tap what you take"),
        quantity=str(shelf.category),
        receiver=shelf.hub.name,
        facts=[],
    )


def card_label(card: HubCard) -> dict:
    day = date_format(timezone.localdate(card.expires_at), "j F Y")
    return label(
        link=absolute(card.get_absolute_url()),
        title=card.organisation.name,
        scan=_("Scan me first, then the shelf"),
        quantity=card.name,
        receiver=_("Card for hubs"),
        facts=[_("Valid until %(day)s") % {"day": day}],
    )


def label(*, link, **words) -> dict:
    """A label as the sheet wants it: the code of `link` beside `words`."""
    alt = _("QR code that opens %(address)s") % {"address": link}
    return {"code": qr_svg(link), "link": link, "alt": alt, **words}
