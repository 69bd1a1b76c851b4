"""A company's effect statement of a year as a PDF, to put into its sustainability report."""

import io
from itertools import zip_longest

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Image, KeepTogether, Paragraph, Spacer, Table, TableStyle

from portal.mosaic import mosaic
from portal.pdf import draw_mosaic

from . import statements
from .figures import FIGURES
from .notifications import site_name
from .pdf_layout import (
    BODY,
    BOLD,
    CO2,
    HEADING,
    KICKER,
    LEAD,
    SMALL,
    TITLE,
    WARM,
    WIDTH,
    build,
    definition_section,
    large_figures,
    month_drawing,
    table_of,
    text,
)

LARGE_KEYS = ["mass_kg", "co2e_kg", "purchase_avoided_sek", "receivers"]
COMPARED = [
    *["mass_kg", "co2e_kg", "value_sek", "purchase_avoided_sek", "handovers", "receivers"],
    *["new_collaborations", "lasting_collaborations"],
    *["ideas_sent", "ideas_answered", "ideas_taken_further"],
]
TILES = 12
TILE = A4[0] / TILES
GAP = 6 * mm
PHOTO_HEIGHT = 38 * mm


def effect_statement(*, organisation, year):
    """The statement of what `organisation` gave in `year`, in the active language, as bytes."""
    values = statements.totals(organisation, year)
    before = statements.totals(organisation, year - 1)
    title = _("Effect statement %(year)d") % {"year": year}
    story = [
        Paragraph(_("%(portal)s, reuse of material") % {"portal": escape(site_name())}, KICKER),
        Paragraph(escape(organisation.name), TITLE),
        Spacer(0, 1 * mm),
        Paragraph(title, HEADING),
        Paragraph(about(organisation, year), KICKER),
        Spacer(0, 4 * mm),
        Paragraph(summary(organisation, year, values), LEAD),
        Spacer(0, 6 * mm),
        large_figures(values, LARGE_KEYS),
        Paragraph(_("Month by month, in kilograms"), HEADING),
        month_drawing(statements.by_month(organisation, year)),
        *photo_section(organisation, year),
        *idea_section(organisation, year, values),
        *material_section(organisation, year),
        *receiver_section(organisation, year),
        *compared_section(values, before, year),
        *method_section(organisation, year),
        *definition_section(COMPARED),
    ]
    return build(
        story,
        title=f"{title}, {organisation.name}",
        first_page=lambda canvas: band(canvas, organisation),
        first_top=TILE * 2 + 10 * mm,
    )


def file_name(organisation, year):
    kind, who = slugify(_("effect statement")), slugify(organisation.name) or organisation.pk
    return f"{kind}-{who}-{year}.pdf"


def band(canvas, organisation):
    """A pattern across the top, the organisation's own."""
    tiles = mosaic(TILES, 2, seed=organisation.pk)
    draw_mosaic(canvas, tiles, top=A4[1], size=TILE)


def about(organisation, year):
    parts = [organisation.org_number, organisation.municipality.name]
    today = timezone.localdate()
    if year == today.year:
        parts.append(_("so far, until %(day)s") % {"day": date_format(today, "DATE_FORMAT")})
    return escape(", ".join(part for part in parts if part))


def summary(organisation, year, values):
    """The year in a few sentences that can be quoted as they are."""
    places = len(statements.municipalities(organisation, year))
    sentences = [
        ngettext(
            "In %(year)d %(company)s gave %(mass)s of left-over material to %(count)d school or "
            "other public service.",
            "In %(year)d %(company)s gave %(mass)s of left-over material to %(count)d schools and "
            "other public services.",
            values["receivers"],
        )
        % {
            "year": year,
            "company": escape(organisation.name),
            "mass": text(values["mass_kg"], "mass_kg"),
            "count": values["receivers"],
        },
        ngettext(
            "It has got new use in %(count)d municipality.",
            "It has got new use in %(count)d municipalities.",
            places,
        )
        % {"count": places},
        _(
            "That avoided emissions of %(co2e)s from producing new material, and purchases of "
            "%(cost)s."
        )
        % {
            "co2e": text(values["co2e_kg"], "co2e_kg"),
            "cost": text(values["purchase_avoided_sek"], "purchase_avoided_sek"),
        },
    ]
    return " ".join(sentences)


def photo_section(organisation, year):
    """What was given, as the company photographed it, in one row."""
    images = statements.pictures(organisation, year)
    if not images:
        return []
    each = (WIDTH - GAP / 2 * (len(images) - 1)) / len(images)
    pictures = [picture(image, each, PHOTO_HEIGHT) for image in images]
    row = Table([pictures], colWidths=[*[each + GAP / 2] * (len(images) - 1), each])
    row.setStyle(bare())
    return [KeepTogether([Paragraph(_("Some of what was given"), HEADING), row])]


def picture(image, width, height):
    """A picture, cut to its frame, three pixels for each point of paper."""
    pixels = f"fill-{round(width * 3)}x{round(height * 3)}|format-jpeg"
    with image.get_rendition(pixels).file.open("rb") as file:
        return Image(io.BytesIO(file.read()), width, height)


def bare():
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ]
    )


def idea_section(organisation, year, values):
    """How many ideas pupils sent back and, of those that are published, some with pictures."""
    if not values["ideas_sent"]:
        return []
    words = [
        ngettext(
            "Pupils sent %(count)d idea back.",
            "Pupils sent %(count)d ideas back.",
            values["ideas_sent"],
        )
        % {"count": values["ideas_sent"]}
    ]
    if values["ideas_taken_further"]:
        words.append(
            ngettext(
                "The company takes %(count)d of them further.",
                "The company takes %(count)d of them further.",
                values["ideas_taken_further"],
            )
            % {"count": values["ideas_taken_further"]}
        )
    heading = [
        Paragraph(_("What the pupils made of it"), HEADING),
        Paragraph(" ".join(words), BODY),
    ]
    cards = [idea_card(idea) for idea in statements.shown_ideas(organisation, year)]
    if not cards:
        return heading
    column = (WIDTH - GAP) / 2
    tables = []
    for left, right in zip_longest(cards[::2], cards[1::2], fillvalue=""):
        tables.append(Table([[left, "", right]], colWidths=[column, GAP, column]))
        tables[-1].setStyle(bare())
    return [KeepTogether([*heading, Spacer(0, 2 * mm), tables[0]]), *tables[1:]]


def idea_card(idea):
    """One idea: picture, name, words and who sent it."""
    width = (WIDTH - GAP) / 2
    card = [picture(idea.cover, width, width * 2 / 3)] if idea.cover else []
    words = Truncator(" ".join(idea.text.split())).chars(220)
    card += [
        Spacer(0, 2 * mm),
        Paragraph(f"<font name='{BOLD}' size='11'>{escape(idea.title)}</font>", BODY),
        Paragraph(escape(words), BODY),
        Paragraph(escape(f"{idea.signed}, {idea.handover.receiver.name}"), SMALL),
    ]
    if idea.progress.taken_further_at:
        taken = _("The company takes this further")
        card.append(Paragraph(f"<font color='{WARM}'><b>{taken}</b></font>", SMALL))
    return card


def material_section(organisation, year):
    rows = [
        [escape(name), *(text(sums[key], key) for key in ("mass_kg", "co2e_kg", "value_sek"))]
        for name, sums in statements.by_material(organisation, year)
    ]
    head = [_("Material"), _("Kilograms"), _("Climate effect"), _("Value")]
    table = table_of(head, rows, [0.4, 0.18, 0.24, 0.18])
    return [KeepTogether([Paragraph(_("By material"), HEADING), table])]


def receiver_section(organisation, year):
    rows = [
        [
            f"{escape(row.organisation.name)}, {escape(row.organisation.municipality.name)}",
            number_format(row.handovers, use_l10n=True),
            text(row.mass_kg, "mass_kg"),
        ]
        for row in statements.receivers(organisation, year)
    ]
    head = [_("School or service"), str(FIGURES["handovers"].name), _("Kilograms")]
    return [Paragraph(_("Where it went"), HEADING), table_of(head, rows, [0.6, 0.2, 0.2])]


def compared_section(values, before, year):
    rows = [
        [str(FIGURES[key].name), text(values[key], key), text(before[key], key)] for key in COMPARED
    ]
    head = [_("Figure"), str(year), str(year - 1)]
    table = table_of(head, rows, [0.56, 0.22, 0.22])
    return [KeepTogether([Paragraph(_("Compared with the year before"), HEADING), table])]


def method_section(organisation, year):
    """How the figures came about, for whoever checks the report."""
    rows = [
        [
            f"{escape(row.material)}<br/><font size='8'>"
            f"{escape(row.source)} ({row.source_year})</font>",
            number_format(row.kgco2e_per_kg.normalize(), use_l10n=True),
            text(row.mass_kg, "mass_kg"),
        ]
        for row in statements.factors(organisation, year)
    ]
    head = [_("Material and source"), _("kg CO₂e per kg").replace("CO₂", CO2), _("Kilograms")]
    return [
        Paragraph(_("Climate factors and their sources"), HEADING),
        table_of(head, rows, [0.6, 0.2, 0.2]),
        Paragraph(_("How to use the figures"), HEADING),
        Paragraph(
            _(
                "Avoided emissions are what producing the same mass of new material would have "
                "caused. Report them beside your own emissions in scopes 1, 2 and 3, and do not "
                "subtract them (GHG Protocol)."
            ),
            BODY,
        ),
        Spacer(0, 2 * mm),
        Paragraph(
            _(
                "Every kilogram has been confirmed by giver or receiver. Corrections until the "
                "day of this statement are in it. If one comes later, fetch the statement anew."
            ),
            BODY,
        ),
    ]
