"""The yearly report of a municipality as a PDF, to print and to put before politicians."""

from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer

from . import charts, figures
from .figures import FIGURES, Period
from .models import MaterialCategory
from .notifications import site_name
from .pdf_layout import (
    ACCENT,
    BODY,
    HEADING,
    KICKER,
    LINE,
    TITLE,
    WIDTH,
    build,
    definition_section,
    large_figures,
    month_drawing,
    table_of,
    text,
)

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


def yearly_report(*, municipalities, year, name, everywhere=False):
    """The report of `year` for `municipalities` together, in the active language, as bytes.

    With `everywhere` it has what belongs to no municipality, too, such as visitors' searches.
    """
    places = [each.pk for each in municipalities] + ([None] if everywhere else [])
    sums = figures.overview(_rows(municipalities, year))
    values = sums["totals"] | _use(municipalities, places, year)
    last_year = figures.totals(_rows(municipalities, year - 1))
    last_year |= _use(municipalities, places, year - 1)
    compared = COMPARED + [figure.key for figure in figures.added_figures()]
    goals = figures.goals(Period.year(year))
    goal = sum(goals[each.pk] for each in municipalities)
    title = _("Reuse in %(name)s %(year)d") % {"name": name, "year": year}
    story = [
        Paragraph(escape(site_name()), KICKER),
        Paragraph(escape(title), TITLE),
        Spacer(0, 4 * mm),
        large_figures(values, LARGE_KEYS),
        *goal_section(values["mass_kg"], goal),
        Paragraph(_("Month by month, in kilograms"), HEADING),
        month_drawing(sums["months"]),
        *category_section(sums["categories"]),
        *compared_section(compared, values, last_year, year),
        *purchase_section(municipalities, year),
        *definition_section([*compared, "goal_kg"]),
    ]
    return build(story, title=title)


def _rows(municipalities, year):
    return figures.handovers(period=Period.year(year), municipalities=municipalities)


def _use(municipalities, places, year):
    period = Period.year(year)
    use = figures.use_in_all(period=period, municipalities=municipalities)
    return use | figures.computed_together(period=period, municipalities=places)


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


def category_section(sums):
    names = MaterialCategory.objects.names()
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


def compared_section(keys, values, last_year, year):
    rows = [
        [str(FIGURES[key].name), text(values[key], key), text(last_year[key], key)] for key in keys
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


def file_name(slug, year):
    name = _("yearly-report")
    return f"{name}-{slug}-{year}.pdf"
