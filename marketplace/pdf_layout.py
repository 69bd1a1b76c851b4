"""The layout of the PDFs that are made of figures: paper, type, tables and drawings."""

import io
from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table, TableStyle

from portal import mosaic
from portal.pdf import BOLD, PLAIN, load_fonts

from . import charts
from .figures import FIGURES
from .notifications import site_name
from .templatetags.figures import UNITS, figure, figure_number

INK, ACCENT, WARM, PAPER = (
    HexColor(colour) for colour in (mosaic.INK, mosaic.ACCENT, mosaic.WARM, mosaic.PAPER)
)
SOFT, LINE = HexColor("#565a4e"), HexColor("#d9cdb8")

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
TOP, BOTTOM = 16 * mm, 20 * mm

# The typefaces have no small figure two.
CO2 = "CO<sub rise='1.5' size='70%'>2</sub>"

load_fonts()
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=13, textColor=INK)
SMALL = ParagraphStyle("small", BODY, fontSize=8, leading=10.5, textColor=SOFT, spaceAfter=2)
KICKER = ParagraphStyle("kicker", BODY, fontName=PLAIN, fontSize=10, leading=14, textColor=SOFT)
LEAD = ParagraphStyle("lead", BODY, fontName=PLAIN, fontSize=12.5, leading=18)
TITLE = ParagraphStyle("title", BODY, fontName=BOLD, fontSize=28, leading=31, textColor=ACCENT)
HEADING = ParagraphStyle(
    "heading",
    BODY,
    fontName=BOLD,
    fontSize=14,
    leading=18,
    spaceBefore=14,
    spaceAfter=3,
    keepWithNext=1,
)
LARGE = ParagraphStyle("large", BODY, fontName=BOLD, fontSize=28, leading=30, textColor=WARM)
RIGHT = ParagraphStyle("right", BODY, alignment=2)


def build(story, *, title, first_page=None, first_top=TOP):
    """The PDF of `story` (ReportLab's flowables), in the active language, as bytes.

    `first_page(canvas)` draws what lies behind the first page, whose text begins `first_top`
    points below its upper edge.
    """
    portal = site_name()
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer, pagesize=A4, title=title, author=portal, lang=get_language() or "sv"
    )
    document.addPageTemplates(
        [
            PageTemplate("first", [frame(first_top)], partial(_page, behind=first_page)),
            PageTemplate("later", [frame(TOP)], _page),
        ]
    )
    document.handle_nextPageTemplate("later")
    document.build(story)
    return buffer.getvalue()


def frame(top):
    return Frame(
        MARGIN,
        BOTTOM,
        WIDTH,
        A4[1] - top - BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )


def _page(canvas, document, behind=None):
    canvas.saveState()
    if behind:
        behind(canvas)
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(SOFT)
    made = _("Made on %(day)s from the portal's ledger. %(url)s") % {
        "day": date_format(timezone.localdate(), "DATE_FORMAT"),
        "url": settings.WAGTAILADMIN_BASE_URL,
    }
    canvas.drawString(MARGIN, 10 * mm, made)
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(document.page))
    canvas.restoreState()


def text(value, key):
    """A figure with its unit as ReportLab's markup."""
    if value is None:
        return "–"
    return figure(value, key).replace("CO₂", CO2)


def large_figures(values, keys):
    """The figures of `keys` beside each other, as large as the longest of them allows."""
    numbers = [str(figure_number(values[key], key)) for key in keys]
    room = WIDTH / len(keys) - 4 * mm
    size = LARGE.fontSize
    while max(pdfmetrics.stringWidth(number, BOLD, size) for number in numbers) > room:
        size -= 1
    large = ParagraphStyle("fitted", LARGE, fontSize=size)
    cells = [
        [
            Paragraph(number, large),
            Paragraph(_unit(key), KICKER),
            Paragraph(str(FIGURES[key].name), BODY),
        ]
        for key, number in zip(keys, numbers, strict=True)
    ]
    table = Table([cells], colWidths=[WIDTH / len(keys)] * len(keys))
    table.setStyle(
        TableStyle(
            [
                ("LINEABOVE", (0, 0), (-1, 0), 2, ACCENT),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
            ]
        )
    )
    return table


def _unit(key):
    unit = UNITS.get(FIGURES[key].unit, "\xa0")
    return unit.replace("CO₂", CO2)


def month_drawing(months):
    """The columns of `charts`, turned upside down: a PDF counts from below."""
    chart = charts.columns([(date_format(month, "M"), sums["mass_kg"]) for month, sums in months])
    scale = WIDTH / chart.width
    height = chart.height * scale * 0.6
    drawing = Drawing(WIDTH, height)
    squeeze = scale * 0.6

    def up(y):
        return height - y * squeeze

    for line in chart.lines:
        y = up(line.y)
        drawing.add(Line(chart.left * scale, y, WIDTH, y, strokeColor=LINE, strokeWidth=0.5))
        number = number_format(line.value, 0, use_l10n=True, force_grouping=True)
        drawing.add(_string(chart.left * scale - 4, y - 2.5, number, "end"))
    for column in chart.columns:
        drawing.add(
            Rect(
                column.x * scale,
                up(column.y + column.height),
                column.width * scale,
                column.height * squeeze,
                fillColor=ACCENT,
                strokeColor=None,
            )
        )
        y = up(chart.floor) - 10
        drawing.add(_string(column.middle * scale, y, column.label, "middle"))
    return drawing


def _string(x, y, words, anchor):
    return String(
        x, y, str(words), fontName="Helvetica", fontSize=7.5, fillColor=SOFT, textAnchor=anchor
    )


def table_of(head, rows, widths):
    """A table whose first column is words and whose others are numbers."""
    cells = [[Paragraph(f"<b>{head[0]}</b>", BODY)]]
    cells[0] += [Paragraph(f"<b>{each}</b>", RIGHT) for each in head[1:]]
    for first, *others in rows:
        cells.append([Paragraph(first, BODY), *(Paragraph(each, RIGHT) for each in others)])
    table = Table(cells, colWidths=[WIDTH * width for width in widths], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 1, INK),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def definition_section(keys):
    words = [
        Paragraph(f"<b>{FIGURES[key].name}.</b> {FIGURES[key].definition}", SMALL) for key in keys
    ]
    return [Paragraph(_("What the figures mean"), HEADING), *words]
