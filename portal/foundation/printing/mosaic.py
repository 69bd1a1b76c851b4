"""A pattern of cut-out material (tubes, sheets, buttons, boards), one for each campaign.

It is made of polygons and circles in a unit square with y pointing down, so that SVG and pixels
show the same.
"""

from dataclasses import dataclass
from math import cos, pi, sin
from random import Random
from typing import Any

from portal.foundation.tokens import colours

PAPER, INK = colours()["paper"], colours()["ink"]
ACCENT, WARM, SUN = colours()["accent"], colours()["warm"], colours()["sun"]
TINT, WARM_TINT = colours()["accent-tint"], colours()["warm-tint"]


@dataclass(frozen=True)
class Polygon:
    points: tuple
    colour: str


@dataclass(frozen=True)
class Circle:
    x: float
    y: float
    radius: float
    colour: str


@dataclass(frozen=True)
class Tile:
    column: int
    row: int
    shapes: tuple


def pie(x, y, radius, start, extent, colour):
    """A slice of a circle; angles in quarters of a turn."""
    steps = 36
    angles = [(start + extent * step / steps) * pi / 2 for step in range(steps + 1)]
    rim = tuple((x + radius * cos(angle), y + radius * sin(angle)) for angle in angles)
    return Polygon(((x, y), *rim), colour)


def square(colour, inset=0.0):
    low, high = inset, 1 - inset
    return Polygon(((low, low), (high, low), (high, high), (low, high)), colour)


def leaf(turn, one, _two):
    """A quarter of a round sheet."""
    x, y = ((0, 0), (1, 0), (1, 1), (0, 1))[turn]
    return (pie(x, y, 1, turn, 1, one),)


def tube(_turn, one, two):
    """The end of a roll."""
    return (Circle(0.5, 0.5, 0.42, one), Circle(0.5, 0.5, 0.2, two))


def bowl(turn, one, two):
    """Two halves, stacked."""
    if turn % 2:
        return (pie(0, 0.5, 0.5, 3, 2, one), pie(0.5, 0.5, 0.5, 3, 2, two))
    return (pie(0.5, 0.5, 0.5, 2, 2, one), pie(0.5, 1, 0.5, 2, 2, two))


def board(turn, one, _two):
    """Corrugated board, from its edge."""
    stripes = []
    for step in range(4):
        low, high = step / 4, step / 4 + 0.125
        points = ((0, low), (1, low), (1, high), (0, high))
        if turn % 2:
            stripes.append(Polygon(tuple((y, x) for x, y in points), one))
        else:
            stripes.append(Polygon(points, one))
    return tuple(stripes)


def offcut(turn, one, two):
    """A sheet cut on the slant."""
    corners = ((0, 0), (1, 0), (1, 1), (0, 1))
    first = tuple(corners[(turn + step) % 4] for step in range(3))
    x, y = _opposite(corners, turn)
    return (Polygon(first, one), Circle(x, y, 0.14, two))


def _opposite(corners, turn):
    x, y = corners[(turn + 3) % 4]
    return 0.5 + (x - 0.5) * 0.45, 0.5 + (y - 0.5) * 0.45


def buttons(_turn, one, two):
    """Four buttons in a box."""
    places = [(0.27, 0.27), (0.73, 0.27), (0.27, 0.73), (0.73, 0.73)]
    return tuple(
        circle
        for number, (x, y) in enumerate(places)
        for circle in (
            Circle(x, y, 0.17, one if number % 3 else two),
            Circle(x, y, 0.06, two if number % 3 else one),
        )
    )


MOTIFS = [leaf, leaf, tube, bowl, board, offcut, buttons]


def mosaic(columns, rows, *, seed, accent=ACCENT):
    """The tiles of a pattern; neighbours never have the same motif or ground."""
    random = Random(str(seed))  # noqa: S311  # a pattern, not a secret
    grounds = [accent, WARM, SUN, TINT, WARM_TINT]
    inks = {
        accent: [SUN, TINT, WARM_TINT],
        WARM: [SUN, WARM_TINT, TINT],
        SUN: [accent, WARM, TINT],
        TINT: [accent, WARM, SUN],
        WARM_TINT: [WARM, accent, SUN],
    }
    tiles = []
    before: dict[tuple[int, int], tuple[Any, Any]] = {}
    for row in range(rows):
        for column in range(columns):
            near = [before.get((column - 1, row)), before.get((column, row - 1))]
            taken = {each[0] for each in near if each}
            motifs = [each for each in MOTIFS if each not in {each[1] for each in near if each}]
            ground = random.choice([each for each in grounds if each not in taken])
            motif = random.choice(motifs)
            one, two = random.sample(inks[ground], 2)
            before[column, row] = (ground, motif)
            shapes = (square(ground), *motif(random.randrange(4), one, two))
            tiles.append(Tile(column, row, shapes))
    return tiles
