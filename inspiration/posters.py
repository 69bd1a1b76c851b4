"""A campaign's poster: A4, made to hang on a wall and be read from across the room."""

import io
from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from portal.mosaic import ACCENT, INK, PAPER, WARM, mosaic
from portal.pdf import BOLD, PLAIN, draw_code, draw_mosaic, load_fonts

WIDTH, HEIGHT = A4
MARGIN = 42
COLUMNS = 7
TILE = WIDTH / COLUMNS
PHOTO_COLUMNS = 4
# The pattern has more rows where title and call leave room.
MOST_ROWS, FEWEST_ROWS, LARGE_TITLE = 4, 3, 62
FOOTER = 74
CARD = 176


def words_of(page):
    """The texts that poster and shared picture have in common, in the page's language."""
    over = page.state == "over"
    progress = page.progress() if over else None
    amount = progress.value if over else page.goal
    number = number_format(int(amount), use_l10n=True, force_grouping=True)
    if page.measure == page.Measure.KILOGRAMS:
        figure = _("%(number)s kg") % {"number": number}
        goal = _("of material in new hands is our goal")
        reached = _("of material got new hands")
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
    load_fonts()
    with override(page.locale.language_code):
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=A4, lang=page.locale.language_code)
        Poster(canvas, page, link=link, settings=settings).draw()
        canvas.save()
        return buffer.getvalue()


@dataclass(frozen=True)
class Heading:
    """Title and call, broken into lines at one size."""

    size: int
    top: float
    title: list
    call: list

    @staticmethod
    def call_size_for(size):
        return max(min(size * 0.36, 21), 16)

    @property
    def call_size(self):
        return self.call_size_for(self.size)

    @property
    def height(self):
        return len(self.title) * self.size * 0.98 + 12 + len(self.call) * self.call_size * 1.3


class Poster:
    def __init__(self, canvas, page, *, link, settings):
        self.canvas = canvas
        self.page = page
        self.link = link
        self.settings = settings
        self.accent = settings.accent_colour or ACCENT
        self.words = words_of(page)

    def draw(self):
        self.canvas.setTitle(self.page.title)
        self.canvas.setAuthor(self.settings.name)
        self.canvas.setSubject(self.page.summary)
        self.fill(PAPER)
        self.canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
        for self.rows in range(MOST_ROWS, FEWEST_ROWS - 1, -1):
            title = self.fit_heading()
            if title.size >= LARGE_TITLE:
                break
        self.heading(title)
        self.pattern()
        self.photo()
        self.footer()
        self.code()
        self.goal()

    def fill(self, colour):
        self.canvas.setFillColor(HexColor(colour))

    def pattern(self):
        tiles = mosaic(COLUMNS, self.rows, seed=self.page.translation_key, accent=self.accent)
        draw_mosaic(self.canvas, tiles, top=HEIGHT, size=TILE)

    def photo(self):
        """The cover picture over the right part of the pattern."""
        if self.page.cover is None:
            return
        width, height = PHOTO_COLUMNS * TILE, self.rows * TILE
        pixels = f"fill-{int(width * 3)}x{int(height * 3)}|format-jpeg"
        with self.page.cover.get_rendition(pixels).file.open("rb") as file:
            picture = ImageReader(io.BytesIO(file.read()))
        self.canvas.drawImage(picture, WIDTH - width, HEIGHT - height, width, height)

    def footer(self):
        self.fill(self.accent)
        self.canvas.rect(0, 0, WIDTH, FOOTER, stroke=0, fill=1)
        self.fill("#ffffff")
        self.canvas.setFont(BOLD, 19)
        self.canvas.drawString(MARGIN, FOOTER - 33, self.settings.name)
        swedish = self.page.locale.language_code == "sv"
        tagline = self.settings.tagline if swedish else self.settings.tagline_en
        self.canvas.setFont(PLAIN, 10.5)
        for number, line in enumerate(simpleSplit(tagline, PLAIN, 10.5, 290)[:2]):
            self.canvas.drawString(MARGIN, FOOTER - 49 - number * 13, line)
        contact = [self.settings.contact_email, self.settings.contact_phone]
        for number, line in enumerate(filter(None, contact)):
            self.canvas.drawRightString(WIDTH - MARGIN, FOOTER - 33 - number * 15, line)

    def code(self):
        """The card with the QR code, which can also be clicked."""
        left, bottom = WIDTH - MARGIN - CARD, FOOTER + 34
        height = CARD + 42
        self.fill("#ffffff")
        self.canvas.roundRect(left, bottom, CARD, height, 14, stroke=0, fill=1)
        self.fill(INK)
        self.fitted(self.words["scan"], BOLD, 16, CARD - 24, left + CARD / 2, bottom + height - 26)
        draw_code(self.canvas, self.link, left=left + 17, bottom=bottom + 30, size=CARD - 34)
        shown = self.link.split("://")[-1].split("?")[0].rstrip("/")
        self.fitted(shown, PLAIN, 9, CARD - 20, left + CARD / 2, bottom + 13)
        self.canvas.linkURL(self.link, (left, bottom, left + CARD, bottom + height))

    def goal(self):
        """The figure, as large as there is room for, and the days."""
        width = WIDTH - 2 * MARGIN - CARD - 28
        bottom = FOOTER + 34
        size = 72
        while pdfmetrics.stringWidth(self.words["figure"], BOLD, size) > width:
            size -= 2
        self.fill(INK)
        self.canvas.setFont(BOLD, 17)
        self.canvas.drawString(MARGIN, bottom + 6, self.words["days"])
        label = simpleSplit(self.words["figure_label"], PLAIN, 16, width)
        self.canvas.setFont(PLAIN, 16)
        y = bottom + 42
        for line in reversed(label):
            self.canvas.drawString(MARGIN, y, line)
            y += 20
        self.fill(WARM)
        self.canvas.setFont(BOLD, size)
        self.canvas.drawString(MARGIN - 3, y + 14, self.words["figure"])

    def fit_heading(self):
        """Title and call as large as they can be between the pattern and the figure."""
        top = HEIGHT - self.rows * TILE - 20
        bottom = FOOTER + 34 + CARD + 42 + 18
        width = WIDTH - 2 * MARGIN
        for size in range(76, 23, -2):
            heading = Heading(
                size=size,
                top=top,
                title=simpleSplit(self.words["title"], BOLD, size, width),
                call=simpleSplit(self.words["call"], PLAIN, Heading.call_size_for(size), width),
            )
            whole = all(pdfmetrics.stringWidth(line, BOLD, size) <= width for line in heading.title)
            if whole and len(heading.title) <= 4 and heading.height <= top - bottom:
                break
        return heading

    def heading(self, heading):
        size, call_size = heading.size, heading.call_size
        self.fill(self.accent)
        self.canvas.setFont(BOLD, size)
        y = heading.top - size * 0.82
        for line in heading.title:
            self.canvas.drawString(MARGIN - size * 0.03, y, line)
            y -= size * 0.98
        self.fill(INK)
        self.canvas.setFont(PLAIN, call_size)
        y += size * 0.98 - 16 - call_size * 1.2
        for line in heading.call:
            self.canvas.drawString(MARGIN, y, line)
            y -= call_size * 1.3

    def fitted(self, text, font, size, width, x, y):
        """One centred line, made smaller until it fits."""
        while size > 5 and pdfmetrics.stringWidth(text, font, size) > width:
            size -= 0.5
        self.canvas.setFont(font, size)
        self.canvas.drawCentredString(x, y, text)
