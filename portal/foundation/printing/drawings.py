"""Drawings for print, as SVG."""

import base64
import io
import logging
from collections.abc import Iterable

import segno
from django.utils.html import format_html, format_html_join

from portal.foundation.images.models import CustomImage
from portal.foundation.printing.mosaic import Circle, Tile
from portal.foundation.tokens import colours

logger = logging.getLogger(__name__)

PIXELS_PER_MM = 8
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}">{}</svg>'


def mosaic_svg(tiles: Iterable[Tile], *, columns: int, rows: int) -> str:
    """Draw the tiles of `mosaic.mosaic(…)`, each one unit wide."""
    shapes = [_shape(shape, tile) for tile in tiles for shape in tile.shapes]
    return format_html(SVG, columns, rows, format_html_join("", "{}", ((each,) for each in shapes)))


def _shape(shape, tile: Tile) -> str:
    if isinstance(shape, Circle):
        return format_html(
            '<circle cx="{}" cy="{}" r="{}" fill="{}"/>',
            f"{tile.column + shape.x:.3f}",
            f"{tile.row + shape.y:.3f}",
            f"{shape.radius:.3f}",
            shape.colour,
        )
    points = " ".join(f"{tile.column + x:.3f},{tile.row + y:.3f}" for x, y in shape.points)
    return format_html('<polygon points="{}" fill="{}"/>', points, shape.colour)


def qr_svg(link: str) -> str:
    """Draw the QR code of `link` without its quiet zone, which the template leaves around it."""
    drawn = io.BytesIO()
    segno.make(link, error="m").save(
        drawn, kind="svg", border=0, dark=colours()["ink"], omitsize=True, xmldecl=False
    )
    return drawn.getvalue().decode()


def photo_svg(image: CustomImage | None, *, width: float, height: float) -> str | None:
    """Cut `image` to `width` × `height` mm. None where there is no image or it cannot be shown."""
    if image is None:
        return None
    across, down = round(width * PIXELS_PER_MM), round(height * PIXELS_PER_MM)
    rendition = image.get_rendition(f"fill-{across}x{down}|format-jpeg|jpegquality-80")
    if rendition.is_placeholder:
        return None
    try:
        with rendition.file.open("rb") as file:
            data = base64.b64encode(file.read()).decode()
    except OSError:
        logger.warning("Picture %s is left out of print: its file cannot be read", image.pk)
        return None
    picture = format_html(
        '<image width="{}" height="{}" preserveAspectRatio="xMidYMid slice" '
        'href="data:image/jpeg;base64,{}"/>',
        across,
        down,
        data,
    )
    return format_html(SVG, across, down, picture)
