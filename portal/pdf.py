"""What the printed things of the portal have in common: the typeface, and QR codes."""

from functools import cache
from pathlib import Path

import segno
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent / "fonts"
BOLD, PLAIN = "Bricolage Grotesque ExtraBold", "Bricolage Grotesque Medium"
BOLD_FILE, PLAIN_FILE = "BricolageGrotesque-ExtraBold.ttf", "BricolageGrotesque-Medium.ttf"


@cache
def load_fonts():
    pdfmetrics.registerFont(TTFont(BOLD, FONTS / BOLD_FILE))
    pdfmetrics.registerFont(TTFont(PLAIN, FONTS / PLAIN_FILE))


def draw_code(canvas, link, *, left, bottom, size):
    """A QR code for `link` in the canvas's fill colour, `size` points wide, without its margin."""
    matrix = tuple(segno.make(link, error="m").matrix)
    module = size / len(matrix)
    top = bottom + size
    path = canvas.beginPath()
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                path.rect(left + column * module, top - (row + 1) * module, module, module)
    canvas.drawPath(path, stroke=0, fill=1)
