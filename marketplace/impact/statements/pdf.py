"""A company's yearly effect statement as a PDF, for its sustainability report."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.ideas.models import Idea
from marketplace.impact.figures.climate import METHOD_VERSION
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.pdf_layout import (
    cards,
    compared_table,
    footer,
    material_table,
    meanings,
    month_chart,
    photo,
    so_far,
    table,
    text,
)
from marketplace.impact.statements import services as statements_services
from marketplace.impact.statements.services import (
    by_material,
    by_month,
    municipalities,
    pictures,
    shown_ideas,
    totals,
)
from marketplace.organisations.models import Organisation
from portal.foundation.mail.rendering import site_name
from portal.foundation.printing.drawings import mosaic_svg
from portal.foundation.printing.mosaic import mosaic
from portal.foundation.printing.pdf import compile_pdf

TEMPLATE = "marketplace/impact/statement.typ"
LARGE_KEYS = ["mass_kg", "co2e_net_kg", "purchase_avoided_sek", "receivers"]
COMPARED = [
    *[
        "mass_kg",
        "co2e_kg",
        "co2e_net_kg",
        "value_sek",
        "purchase_avoided_sek",
        "handovers",
        "receivers",
    ],
    *["new_collaborations", "lasting_collaborations"],
    *["ideas_sent", "ideas_answered", "ideas_taken_further"],
]
TILES, TILE_ROWS = 12, 2
FEWEST_ACROSS = 3
# Millimetres.
WIDTH, GAP, PHOTO_HEIGHT = 174, 6, 38


def effect_statement(*, organisation: Organisation, year: int) -> bytes:
    """Return the PDF on what `organisation` gave in `year`, in the active language."""
    values = totals(organisation, year)
    before = totals(organisation, year - 1)
    title = _("Effect statement %(year)d") % {"year": year}
    tiles = mosaic(TILES, TILE_ROWS, seed=organisation.pk)
    data: dict[str, Any] = {
        "pattern": mosaic_svg(tiles, columns=TILES, rows=TILE_ROWS),
        "footer": footer(),
        "kicker": _("%(portal)s, reuse of material") % {"portal": site_name()},
        "name": organisation.name,
        "heading": title,
        "about": about(organisation, year),
        "summary": summary(organisation, year, values),
        "figures": cards(values, LARGE_KEYS),
        "trend": {
            "heading": _("Month by month, in kilograms"),
            "chart": month_chart(by_month(organisation, year)),
        },
        "photos": photos(organisation, year),
        "ideas": ideas(organisation, year, values),
        "tables": [
            materials(organisation, year),
            receivers(organisation, year),
            {
                "heading": _("Compared with the year before"),
                "table": compared_table(COMPARED, values, before, year),
            },
            factors(organisation, year),
        ],
        "method": method(organisation, year, values),
        "meanings": {"heading": _("What the figures mean"), "items": meanings(COMPARED)},
    }
    return compile_pdf(
        TEMPLATE,
        data,
        title=f"{title}, {organisation.name}",
        author=site_name(),
        description=data["summary"],
    )


def file_name(organisation: Organisation, year: int) -> str:
    kind, who = slugify(_("effect statement")), slugify(organisation.name) or organisation.pk
    return f"{kind}-{who}-{year}.pdf"


def about(organisation: Organisation, year: int) -> str:
    parts = [organisation.org_number, organisation.municipality.name, so_far(year)]
    return ", ".join(part for part in parts if part)


def summary(organisation: Organisation, year: int, values: Mapping[str, Any]) -> str:
    """Sum up the year in a few sentences that can be quoted as they are."""
    places = len(municipalities(organisation, year))
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
            "company": organisation.name,
            "mass": text(values["mass_kg"], "mass_kg"),
            "count": values["receivers"],
        },
        ngettext(
            "It has been put to use in %(count)d municipality.",
            "It has been put to use in %(count)d municipalities.",
            places,
        )
        % {"count": places},
        _(
            "It is estimated to have avoided emissions of %(co2e)s net (between %(low)s and "
            "%(high)s), and purchases of %(cost)s."
        )
        % {
            "co2e": text(values["co2e_net_kg"], "co2e_net_kg"),
            "low": text(values["co2e_net_low_kg"], "co2e_net_low_kg"),
            "high": text(values["co2e_net_high_kg"], "co2e_net_high_kg"),
            "cost": text(values["purchase_avoided_sek"], "purchase_avoided_sek"),
        },
    ]
    return " ".join(sentences)


def quotable(organisation: Organisation, year: int, values: Mapping[str, Any]) -> str:
    """Return a statement that can be quoted: what was measured, how, and with what uncertainty.

    Directive (EU) 2024/825 prohibits generic claims, claims about more than what was measured, and
    claims based on offsetting. The statement therefore gives amount, year, method and range, and
    claims nothing about the company or its products as a whole.
    """
    share = statements_services.compared_share(organisation, year)
    return _(
        "“In %(year)d %(company)s gave %(mass)s of left-over material to schools "
        "and other public services. By method %(version)s of %(portal)s this is "
        "estimated to have avoided emissions of %(co2e)s (between %(low)s and "
        "%(high)s), less what replaced nothing and less the transport that is "
        "known. %(share)s %% of the kilograms were counted with a climate factor "
        "that has been compared with its source. The figure says nothing about "
        "the company's products or other emissions.”"
    ) % {
        "year": year,
        "company": organisation.name,
        "mass": text(values["mass_kg"], "mass_kg"),
        "version": METHOD_VERSION,
        "portal": site_name(),
        "co2e": text(values["co2e_net_kg"], "co2e_net_kg"),
        "low": text(values["co2e_net_low_kg"], "co2e_net_low_kg"),
        "high": text(values["co2e_net_high_kg"], "co2e_net_high_kg"),
        "share": number_format(round((share or 0) * 100), use_l10n=True),
    }


def photos(organisation: Organisation, year: int) -> dict[str, Any] | None:
    """Return a row of the company's photos of what it gave; None without photos."""
    images = pictures(organisation, year)
    if not images:
        return None
    across = max(len(images), FEWEST_ACROSS)
    width = (WIDTH - GAP / 2 * (across - 1)) / across
    found = [photo(image, width=width, height=PHOTO_HEIGHT) for image in images]
    items = [each for each in found if each]
    if not items:
        return None
    return {"heading": _("Some of what was given"), "items": items, "across": across}


def ideas(
    organisation: Organisation, year: int, values: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Count the ideas that pupils sent, and show some of the published ones; None without ideas."""
    if not values["ideas_sent"]:
        return None
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
    return {
        "heading": _("What the pupils made of it"),
        "words": " ".join(words),
        "items": [idea_card(idea) for idea in shown_ideas(organisation, year)],
    }


def idea_card(idea: Idea) -> dict[str, Any]:
    """Return an idea's picture, title, text and sender."""
    width = (WIDTH - GAP) / 2
    return {
        "photo": photo(idea.cover, width=width, height=width * 2 / 3),
        "title": idea.title,
        "words": Truncator(" ".join(idea.text.split())).chars(220),
        "by": f"{idea.signed}, {idea.handover.receiver.name}",
        "taken": _("The company takes this further") if idea.progress.adopted_at else "",
    }


def materials(organisation: Organisation, year: int) -> dict[str, Any] | None:
    found = material_table(by_material(organisation, year))
    return found and {"heading": _("By material"), "table": found}


def receivers(organisation: Organisation, year: int) -> dict[str, Any]:
    rows = [
        [
            f"{row.organisation.name}, {row.organisation.municipality.name}",
            number_format(row.handovers, use_l10n=True),
            text(row.mass_kg, "mass_kg"),
        ]
        for row in statements_services.receivers(organisation, year)
    ]
    head = [_("School or service"), FIGURES["handovers"].name, _("Kilograms")]
    return {"heading": _("Where it went"), "table": table(head, rows, [0.6, 0.2, 0.2])}


def factors(organisation: Organisation, year: int) -> dict[str, Any]:
    """List the climate factors used, so that the statement can be checked."""
    rows = [
        [
            {"text": row.material, "note": f"{row.source} ({row.source_year})"},
            number_format(row.kgco2e_per_kg.normalize(), use_l10n=True),
            text(row.mass_kg, "mass_kg"),
        ]
        for row in statements_services.factors(organisation, year)
    ]
    head = [_("Material and source"), _("kg CO₂e per kg"), _("Kilograms")]
    return {
        "heading": _("Climate factors and their sources"),
        "table": table(head, rows, [0.6, 0.2, 0.2]),
    }


def method(organisation: Organisation, year: int, values: Mapping[str, Any]) -> dict[str, Any]:
    share = statements_services.compared_share(organisation, year)
    return {
        "heading": _("How to use the figures"),
        "paragraphs": [
            _("This may be quoted as it is, also where directive (EU) 2024/825 applies:"),
            quotable(organisation, year, values),
            _(
                "Method %(version)s. Gross, %(gross)s would have been avoided if every kilogram "
                "had replaced a new one. Net counts only what did, by the receivers' answers and, "
                "where nobody has answered, by the rate of their municipality with its range; and "
                "takes off %(transport)s for %(km)s that the municipalities' rounds drove. "
                "%(share)s %% of the kilograms have a factor that has been compared with its "
                "source."
            )
            % {
                "version": METHOD_VERSION,
                "gross": text(values["co2e_kg"], "co2e_kg"),
                "transport": text(values["transport_co2e_kg"], "transport_co2e_kg"),
                "km": text(values["transport_km"], "transport_km"),
                "share": number_format(round((share or 0) * 100), use_l10n=True),
            },
            _(
                "The range comes from the answers alone; it does not include the "
                "uncertainty of the climate factors."
            ),
            _(
                "Avoided emissions are what producing the same mass of new material would have "
                "caused. Report them beside your own emissions in scopes 1, 2 and 3, and do not "
                "subtract them (GHG Protocol)."
            ),
            _(
                "Every kilogram has been confirmed by giver or receiver. Corrections until the "
                "day of this statement are in it. If one comes later, download the statement again."
            ),
        ],
    }
