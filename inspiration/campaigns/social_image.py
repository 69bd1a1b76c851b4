"""The picture of a campaign that other sites show where it is shared: 1200 × 630 pixels."""

import io

from django.utils.translation import override
from PIL import Image, ImageDraw, ImageFont

from inspiration.campaigns.poster import words_of
from portal.foundation.printing.fonts import EXTRA_BOLD, MEDIUM
from portal.foundation.printing.mosaic import ACCENT, INK, PAPER, WARM, Circle, mosaic

WIDTH, HEIGHT = 1200, 630
COLUMNS, ROWS, TILE = 3, 3, 210
MARGIN = 56
TEXT_WIDTH = WIDTH - COLUMNS * TILE - 2 * MARGIN
# Drawn larger and made smaller, so that edges are smooth.
SCALE = 2


def social_png(page, *, settings):
    """The picture of `page`, in its language, as bytes; the chosen one where there is one."""
    if page.social_picture:
        rendition = page.social_picture.get_rendition(f"fill-{WIDTH}x{HEIGHT}|format-png")
        with rendition.file.open("rb") as file:
            return file.read()
    with override(page.locale.language_code):
        image = draw(page, settings)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def draw(page, settings):
    accent = settings.accent_colour or ACCENT
    image = pattern(seed=page.translation_key, accent=accent)
    if page.cover:
        photo(image, page.cover)
    pen = ImageDraw.Draw(image)
    words = words_of(page)
    for size in range(84, 33, -2):
        title = wrapped(pen, words["title"], font(EXTRA_BOLD, size), TEXT_WIDTH)
        if len(title) * size <= 270 and all(
            pen.textlength(line, font=font(EXTRA_BOLD, size)) <= TEXT_WIDTH for line in title
        ):
            break
    y = MARGIN - size * 0.15
    for line in title:
        pen.text((MARGIN, y), line, font=font(EXTRA_BOLD, size), fill=accent)
        y += size
    y += 22
    for line in wrapped(pen, words["call"], font(MEDIUM, 27), TEXT_WIDTH)[:3]:
        pen.text((MARGIN, y), line, font=font(MEDIUM, 27), fill=INK)
        y += 35
    bottom = HEIGHT - MARGIN
    pen.text((MARGIN, bottom), settings.name, font=font(EXTRA_BOLD, 26), fill=accent, anchor="ls")
    pen.text((MARGIN, bottom - 44), words["days"], font=font(MEDIUM, 24), fill=INK, anchor="ls")
    pen.text(
        (MARGIN, bottom - 86), words["figure"], font=font(EXTRA_BOLD, 58), fill=WARM, anchor="ls"
    )
    return image


def pattern(*, seed, accent):
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
    pen = ImageDraw.Draw(image)
    side = TILE * SCALE
    for tile in mosaic(COLUMNS, ROWS, seed=seed, accent=accent):
        left = (WIDTH - COLUMNS * TILE) * SCALE + tile.column * side
        top = tile.row * side
        for shape in tile.shapes:
            if isinstance(shape, Circle):
                x, y, radius = left + shape.x * side, top + shape.y * side, shape.radius * side
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shape.colour)
            else:
                points = [(left + x * side, top + y * side) for x, y in shape.points]
                pen.polygon(points, fill=shape.colour)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def photo(image, cover):
    """The cover picture over the two lower rows of the pattern."""
    size = COLUMNS * TILE, 2 * TILE
    rendition = cover.get_rendition(f"fill-{size[0]}x{size[1]}|format-jpeg")
    with rendition.file.open("rb") as file:
        picture = Image.open(file).convert("RGB").resize(size)
    image.paste(picture, (WIDTH - size[0], HEIGHT - size[1]))


def font(file, size):
    return ImageFont.truetype(file, size)


def wrapped(pen, text, face, width):
    """`text` as lines of at most `width` pixels; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and pen.textlength(f"{lines[-1]} {word}", font=face) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
