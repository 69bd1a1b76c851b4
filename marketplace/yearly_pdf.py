"""The yearly report of a municipality as a PDF, to print and to put before politicians."""

import io
from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from . import charts, figures, opendata
from .figures import FIGURES, Period
from .notifications import site_name
from .templatetags.figures import figure

INK, SOFT, ACCENT, WARM, LINE = (
    HexColor(colour) for colour in ("#1d2a26", "#55625d", "#1f5c4a", "#b5651d", "#d5dad7")
)
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=13, textColor=INK)
SMALL = ParagraphStyle("small", BODY, fontSize=8, leading=10.5, textColor=SOFT)
TITLE = ParagraphStyle("title", BODY, fontName="Helvetica-Bold", fontSize=24, leading=28)
HEADING = ParagraphStyle(
    "heading", BODY, fontName="Helvetica-Bold", fontSize=13, leading=17, spaceBefore=12
)
LARGE = ParagraphStyle(
    "large", BODY, fontName="Helvetica-Bold", fontSize=17, leading=21, textColor=ACCENT
)
RIGHT = ParagraphStyle("right", BODY, alignment=2)
WIDTH = A4[0] - 36 * mm

LARGE_KEYS = ["mass_kg", "co2e_kg", "purchase_avoided_sek", "collaborations"]
COMPARED = [
    "mass_kg",
    "co2e_kg",
    "value_sek",
    "purchase_avoided_sek",
    "handovers",
    "givers",
    "receivers",
    "collaborations",
    "new_collaborations",
    "lasting_collaborations",
    "other_collaborations",
    "active_users_company",
    "active_users_service",
    "returning_users",
    "taken_percent",
    "response_hours",
    "ideas_sent",
    "rating",
]


def yearly_report(*, municipalities, year, name):
    """The report of `year` for `municipalities` together, in the active language, as bytes."""
    sums = figures.overview(_rows(municipalities, year))
    values = sums["totals"] | _use(municipalities, year)
    last_year = figures.totals(_rows(municipalities, year - 1)) | _use(municipalities, year - 1)
    goal = sum(figures.goals(Period.year(year))[each.pk] for each in municipalities)
    portal = site_name()
    title = _("Reuse in %(name)s %(year)d") % {"name": name, "year": year}
    story = [
        Paragraph(escape(portal), SMALL),
        Paragraph(escape(title), TITLE),
        Spacer(0, 4 * mm),
        large_figures(values),
        *goal_section(values["mass_kg"], goal),
        Paragraph(_("Month by month, in kilograms"), HEADING),
        month_drawing(sums["months"]),
        *category_section(sums["categories"]),
        *compared_section(values, last_year, year),
        *purchase_section(municipalities, year),
        *definition_section(),
    ]
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=title,
        author=portal,
        lang=get_language() or "sv",
    )
    foot = partial(_foot, portal=portal)
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


def _rows(municipalities, year):
    return figures.handovers(period=Period.year(year), municipalities=municipalities)


def _use(municipalities, year):
    return figures.use_in_all(period=Period.year(year), municipalities=municipalities)


def _foot(canvas, document, portal):
    canvas.saveState()
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(SOFT)
    made = _("Made on %(day)s from the portal's ledger. %(url)s") % {
        "day": date_format(timezone.localdate(), "DATE_FORMAT"),
        "url": settings.WAGTAILADMIN_BASE_URL,
    }
    canvas.drawString(18 * mm, 10 * mm, made)
    canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, str(document.page))
    canvas.restoreState()


def text(value, key):
    """A figure with its unit as ReportLab's markup."""
    if value is None:
        return "–"
    return str(figure(value, key)).replace("&nbsp;", "\xa0").replace("CO₂", "CO<sub>2</sub>")


def large_figures(values):
    cells = [
        [Paragraph(str(FIGURES[key].name), BODY), Paragraph(text(values[key], key), LARGE)]
        for key in LARGE_KEYS
    ]
    table = Table([cells], colWidths=[WIDTH / 4] * 4)
    table.setStyle(
        TableStyle(
            [
                ("LINEABOVE", (0, 0), (-1, 0), 2, ACCENT),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def goal_section(mass, goal):
    bar = Drawing(WIDTH, 5 * mm)
    bar.add(Rect(0, 0, WIDTH, 4 * mm, fillColor=LINE, strokeColor=None))
    part = WIDTH * charts.share(mass, goal) / 100
    bar.add(Rect(0, 0, part, 4 * mm, fillColor=ACCENT, strokeColor=None))
    percent = number_format(round(mass / goal * 100) if goal else 0, 0)
    words = _("%(mass)s of the goal of %(goal)s: %(percent)s %%") % {
        "mass": text(mass, "mass_kg"),
        "goal": text(goal, "goal_kg"),
        "percent": percent,
    }
    return [Paragraph(_("Towards the goal"), HEADING), Paragraph(words, BODY), Spacer(0, 4), bar]


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


def category_section(sums):
    names = opendata.category_names()
    groups = sorted(sums.items(), key=lambda pair: -pair[1]["mass_kg"])
    rows = [
        [
            escape(names[pk]),
            *(text(group[key], key) for key in ("mass_kg", "co2e_kg", "value_sek")),
        ]
        for pk, group in groups
        if any(group.values())
    ]
    if not rows:
        rows = [[_("Nothing changed hands in this period."), "", "", ""]]
    head = [_("Material"), _("Kilograms"), _("Climate effect"), _("Value")]
    return [
        Paragraph(_("By material"), HEADING),
        table_of(head, rows, [0.4, 0.18, 0.24, 0.18]),
    ]


def compared_section(values, last_year, year):
    rows = [
        [str(FIGURES[key].name), text(values[key], key), text(last_year[key], key)]
        for key in COMPARED
    ]
    head = [_("Figure"), str(year), str(year - 1)]
    return [
        Paragraph(_("Compared with the year before"), HEADING),
        table_of(head, rows, [0.56, 0.22, 0.22]),
    ]


def purchase_section(municipalities, year):
    rows = []
    for term, period in (("vt", Period.spring(year)), ("ht", Period.autumn(year))):
        found = figures.bought_and_brokered(year=year, term=term, municipalities=municipalities)
        total = {
            key: sum(row[key] for row in found.values())
            for key in ("bought_kg", "mass_kg", "reports")
        }
        if total["reports"]:
            rows.append(
                [
                    str(period).capitalize(),
                    text(total["bought_kg"], "bought_kg"),
                    text(total["mass_kg"], "mass_kg"),
                    str(total["reports"]),
                ]
            )
    if not rows:
        return []
    head = [_("Term"), _("Bought new"), _("Material brokered"), _("Reports of purchases")]
    return [
        KeepTogether(
            [
                Paragraph(_("Bought new and brokered"), HEADING),
                table_of(head, rows, [0.34, 0.22, 0.22, 0.22]),
            ]
        )
    ]


def definition_section():
    words = [
        Paragraph(f"<b>{FIGURES[key].name}.</b> {FIGURES[key].definition}", SMALL)
        for key in [*COMPARED, "goal_kg"]
    ]
    return [Paragraph(_("What the figures mean"), HEADING), *words]


def file_name(slug, year):
    name = _("yearly-report")
    return f"{name}-{slug}-{year}.pdf"
