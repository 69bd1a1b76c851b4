"""A campaign's poster: A4, made to hang on a wall and be read from across the room."""

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal.foundation.printing.drawings import mosaic_svg, photo_svg, qr_svg
from portal.foundation.printing.mosaic import ACCENT, mosaic
from portal.foundation.printing.pdf import compile_pdf

TEMPLATE = "inspiration/campaigns/poster.typ"
# The template shows as many rows of the pattern as title and call leave room for.
COLUMNS, ROWS = 7, 4
# Millimetres; the photograph covers the right part of the pattern.
TILE, PHOTO_COLUMNS = 210 / COLUMNS, 4


def words_of(page):
    """The texts that poster and shared picture have in common, in the page's language."""
    over = page.state == "over"
    amount = page.progress().value if over else page.goal
    number = number_format(int(amount), use_l10n=True, force_grouping=True)
    if page.measure == page.Measure.KILOGRAMS:
        figure = _("%(number)s kg") % {"number": number}
        goal = _("of material in new hands is our goal")
        reached = _("of material changed hands")
    else:
        figure = number
        goal = ngettext(
            "handover of material is our goal",
            "handovers of material are our goal",
            int(amount),
        )
        reached = ngettext(
            "handover of material took place", "handovers of material took place", int(amount)
        )
    days = _("%(start)s – %(end)s") % {
        "start": date_format(page.starts_on, "j F"),
        "end": date_format(page.ends_on, "j F Y"),
    }
    return {
        "title": page.title,
        "call": page.call or page.summary,
        "figure": figure,
        "figure_label": reached if over else goal,
        "days": days,
        "scan": _("See how it went") if over else _("Scan and take part"),
    }


def poster_pdf(page, *, link, settings):
    """The poster of `page`, in its language, as bytes. `link` is what the QR code leads to."""
    accent = settings.accent_colour or ACCENT
    tiles = mosaic(COLUMNS, ROWS, seed=page.translation_key, accent=accent)
    with override(page.locale.language_code):
        data = {
            **words_of(page),
            "colours": {"accent": accent},
            "pattern": mosaic_svg(tiles, columns=COLUMNS, rows=ROWS),
            "photo": photo(page),
            "link": link,
            "code": qr_svg(link),
            "code_alt": _("QR code that opens %(address)s") % {"address": link},
            "shown_link": link.split("://")[-1].split("?")[0].rstrip("/"),
            "site": settings.name,
            "tagline": tagline(page, settings),
            "contact": [each for each in (settings.contact_email, settings.contact_phone) if each],
        }
        return compile_pdf(
            TEMPLATE, data, title=page.title, author=settings.name, description=page.summary
        )


def photo(page):
    svg = photo_svg(page.cover, width=PHOTO_COLUMNS * TILE, height=ROWS * TILE)
    return svg and {"svg": svg, "alt": page.cover.default_alt_text or page.cover.title}


def tagline(page, settings):
    return settings.tagline if page.locale.language_code == "sv" else settings.tagline_en
