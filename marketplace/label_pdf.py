"""Labels for boxes, eight to an A4 sheet: two across and four down, to cut or on sticky paper."""

import io

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from marketplace.models import format_quantity
from portal.pdf import BOLD, PLAIN, draw_code, load_fonts

COLUMNS, ROWS = 2, 4
PER_SHEET = COLUMNS * ROWS
WIDTH, HEIGHT = A4[0] / COLUMNS, A4[1] / ROWS
# No printer reaches the very edge, and a label is seldom cut exactly.
PADDING = 8 * mm
CODE = 40 * mm
GAP = 5 * mm
TITLE_SIZE, TITLE_LINES, SIZE, LEADING, SMALL = 13, 3, 10, 13, 8
CUT = HexColor("#999999")


def labels_pdf(labels):
    """The sheets for `labels`, pairs of a reservation and what its code leads to, as bytes."""
    load_fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, lang=get_language())
    canvas.setTitle(_("Labels"))
    for first in range(0, len(labels), PER_SHEET):
        _cutting_lines(canvas)
        for place, (reservation, link) in enumerate(labels[first : first + PER_SHEET]):
            row, column = divmod(place, COLUMNS)
            _label(canvas, reservation, link, column * WIDTH, A4[1] - (row + 1) * HEIGHT)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _cutting_lines(canvas):
    canvas.setStrokeColor(CUT)
    canvas.setLineWidth(0.5)
    canvas.setDash(2, 3)
    for column in range(1, COLUMNS):
        canvas.line(column * WIDTH, 0, column * WIDTH, A4[1])
    for row in range(1, ROWS):
        canvas.line(0, row * HEIGHT, A4[0], row * HEIGHT)


def _label(canvas, reservation, link, left, bottom):
    middle = bottom + HEIGHT / 2
    draw_code(canvas, link, left=left + PADDING, bottom=middle - CODE / 2, size=CODE)
    canvas.setFont(PLAIN, SMALL)
    canvas.drawCentredString(
        left + PADDING + CODE / 2, middle - CODE / 2 - 12, _("Scan me when you fetch this")
    )
    canvas.linkURL(link, (left, bottom, left + WIDTH, bottom + HEIGHT))
    lines = _lines(reservation, WIDTH - CODE - 2 * PADDING - GAP)
    y = middle + sum(leading for *_line, leading in lines) / 2
    for text, font, size, leading in lines:
        y -= leading
        canvas.setFont(font, size)
        canvas.drawString(left + PADDING + CODE + GAP, y + leading - size, text)


def _lines(reservation, width):
    """What stands beside the code, broken into lines: (text, font, size, leading)."""
    listing = reservation.listing
    title = simpleSplit(listing.title, BOLD, TITLE_SIZE, width)
    if len(title) > TITLE_LINES:
        title = [*title[: TITLE_LINES - 1], f"{title[TITLE_LINES - 1]} …"]
    facts = [(format_quantity(reservation.quantity, listing.stock.unit), PLAIN)]
    facts.append((reservation.organisation.name, BOLD))
    if reservation.pickup_at:
        facts.append((date_format(localtime(reservation.pickup_at), "DATETIME_FORMAT"), PLAIN))
    if listing.storage_place:
        facts.append((_("Place: %(place)s") % {"place": listing.storage_place}, PLAIN))
    if listing.reference:
        facts.append((_("Ref: %(reference)s") % {"reference": listing.reference}, PLAIN))
    lines = [(line, BOLD, TITLE_SIZE, TITLE_SIZE * 1.15) for line in title]
    for text, font in facts:
        lines += [(line, font, SIZE, LEADING) for line in simpleSplit(text, font, SIZE, width)[:2]]
    return lines
