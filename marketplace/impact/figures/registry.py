"""Figures that other apps add: of searches, of campaigns. They know us, and we do not know them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.figure import Figure


@dataclass(frozen=True)
class Source:
    """Some figures and the functions that compute them; see `add_figures`."""

    figures: tuple[Figure, ...]
    by_place: Callable
    together: Callable


SOURCES: list[Source] = []


def add_figures(figures, by_place, together):
    """Let the reports and the API show more figures. Called from an app's `ready`.

    `by_place(period=…, municipalities=…)` answers {municipality's pk: {key: value}}, and
    `together(period=…, municipalities=…)` answers {key: value} of all of them together, since
    shares and means do not add up. `municipalities` are pks, or None for all there is; None among
    them stands for what belongs to no municipality.
    """
    SOURCES.append(Source(tuple(figures), by_place, together))
    FIGURES.update({figure.key: figure for figure in figures})


def added_figures():
    """Every added figure, in the order that they were added."""
    return [figure for source in SOURCES for figure in source.figures]


def computed(*, period, municipalities=None):
    """{municipality's pk or None: {key: value}} of all the added figures."""
    result: dict[int | None, dict[str, Any]] = {}
    for source in SOURCES:
        found = source.by_place(period=period, municipalities=municipalities)
        for place, values in found.items():
            result.setdefault(place, {}).update(values)
    return result


def computed_together(*, period, municipalities=None):
    """{key: value} of all the added figures, for all of the municipalities together."""
    result: dict[int | None, dict[str, Any]] = {}
    for source in SOURCES:
        result.update(source.together(period=period, municipalities=municipalities))
    return result
