"""Figures that other apps register, so that this package need not depend on them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.figure import Figure, Values
from marketplace.impact.figures.periods import Period


class ByPlace(Protocol):
    """Computes the values of each municipality."""

    def __call__(
        self, *, period: Period, municipalities: Collection[int | None] | None = None
    ) -> dict[int | None, Values]: ...


class Together(Protocol):
    """Computes the values of all the municipalities together."""

    def __call__(
        self, *, period: Period, municipalities: Collection[int | None] | None = None
    ) -> Values: ...


@dataclass(frozen=True)
class Source:
    """Registered figures and the functions that compute them; see `add_figures`."""

    figures: tuple[Figure, ...]
    by_place: ByPlace
    together: Together


SOURCES: list[Source] = []


def add_figures(figures: Collection[Figure], by_place: ByPlace, together: Together) -> None:
    """Register figures for the reports and the API; call this from an app's `ready`.

    `by_place` returns {municipality's pk: {key: value}}, and `together` {key: value} for all of
    them, since shares and means do not add up. `municipalities` are primary keys, or None for all;
    None among them stands for what belongs to no municipality.
    """
    SOURCES.append(Source(tuple(figures), by_place, together))
    FIGURES.update({figure.key: figure for figure in figures})


def added_figures() -> list[Figure]:
    """Return the registered figures in order of registration."""
    return [figure for source in SOURCES for figure in source.figures]


def computed(
    *, period: Period, municipalities: Collection[int | None] | None = None
) -> dict[int | None, Values]:
    """Return {municipality's pk or None: {key: value}} of the registered figures."""
    result: dict[int | None, Values] = {}
    for source in SOURCES:
        found = source.by_place(period=period, municipalities=municipalities)
        for place, values in found.items():
            result.setdefault(place, {}).update(values)
    return result


def computed_together(
    *, period: Period, municipalities: Collection[int | None] | None = None
) -> Values:
    """Return {key: value} of the registered figures, for the municipalities together."""
    result: Values = {}
    for source in SOURCES:
        result.update(source.together(period=period, municipalities=municipalities))
    return result
