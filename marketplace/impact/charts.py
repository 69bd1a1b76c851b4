"""Compute the shapes of a chart. Templates draw them as SVG, so charts need no JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

WIDTH, HEIGHT = 720, 260
LEFT, TOP = 56, 12
MOST_LABELS = 14


@dataclass(frozen=True)
class Column:
    """A column: its position in the drawing, and its label and value."""

    label: str
    value: Decimal
    x: float
    y: float
    width: float
    height: float
    labelled: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Line:
    """A horizontal grid line and its value."""

    value: int
    y: float


@dataclass(frozen=True)
class Columns:
    """A column chart, `WIDTH` wide."""

    columns: list[Column]
    lines: list[Line]
    width: int = WIDTH
    floor: int = HEIGHT
    left: int = LEFT
    per_year: bool = False

    @property
    def height(self) -> int:
        return self.floor + 40


def columns(
    pairs: Sequence[tuple[str, Decimal]], *, per_year: bool = False, floor: int = HEIGHT
) -> Columns:
    """Lay out a column for each (label, value); `floor` is the y coordinate of the baseline.

    A negative value, which a correction can leave behind, gets no height. With many columns only
    some are labelled, so that the labels do not overlap.
    """
    values = [max(float(value), 0) for _label, value in pairs]
    top, step = scale(max(values, default=0))
    room = (WIDTH - LEFT) / max(len(pairs), 1)
    every = ceil(len(pairs) / MOST_LABELS)
    return Columns(
        columns=[
            Column(
                label=label,
                value=value,
                x=round(LEFT + number * room + room * 0.14, 1),
                y=round(floor - (floor - TOP) * height / top, 1),
                width=round(room * 0.72, 1),
                height=round((floor - TOP) * height / top, 1),
                labelled=number % every == 0,
            )
            for number, ((label, value), height) in enumerate(zip(pairs, values, strict=True))
        ],
        lines=[
            Line(value=value, y=round(floor - (floor - TOP) * value / top, 1))
            for value in range(0, top + 1, step)
        ],
        per_year=per_year,
        floor=floor,
    )


def scale(greatest: float) -> tuple[int, int]:
    """Return (top, step) of an axis with at most five round steps: 0, 200, 400 … for 987."""
    size = 1
    while True:
        for step in (size, size * 2, size * 5):
            steps = max(ceil(greatest / step), 1)
            if steps <= 5:
                return step * steps, step
        size *= 10


def share(value: Decimal | int, whole: Decimal | int | None) -> float:
    """Return the length of a bar: `value` as a percentage of `whole`, from 0 to 100."""
    if not whole or value <= 0:
        return 0
    return round(float(min(value / whole, 1)) * 100, 2)
