"""What the printed things of the portal have in common: typeface, pattern and QR codes."""

from functools import cache
from pathlib import Path

import segno
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from .mosaic import Circle

FONTS = Path(__file__).parent / "fonts"
BOLD, PLAIN = "Bricolage Grotesque ExtraBold", "Bricolage Grotesque Medium"
BOLD_FILE, PLAIN_FILE = "BricolageGrotesque-ExtraBold.ttf", "BricolageGrotesque-Medium.ttf"


@cache
def load_fonts():
    """Make `BOLD` and `PLAIN` known to ReportLab."""
    pdfmetrics.registerFont(TTFont(BOLD, FONTS / BOLD_FILE))
    pdfmetrics.registerFont(TTFont(PLAIN, FONTS / PLAIN_FILE))


def draw_mosaic(canvas, tiles, *, top, size):
    """Draw the tiles of `mosaic.mosaic(…)` from the left edge and `top` down; lengths in points."""
    for tile in tiles:
        left, upper = tile.column * size, top - tile.row * size
        for shape in tile.shapes:
            canvas.setFillColor(HexColor(shape.colour))
            if isinstance(shape, Circle):
                canvas.circle(
                    left + shape.x * size,
                    upper - shape.y * size,
                    shape.radius * size,
                    stroke=0,
                    fill=1,
                )
            else:
                path = canvas.beginPath()
                points = [(left + x * size, upper - y * size) for x, y in shape.points]
                path.moveTo(*points[0])
                for point in points[1:]:
                    path.lineTo(*point)
                path.close()
                canvas.drawPath(path, stroke=0, fill=1)


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
