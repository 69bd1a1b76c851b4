"""Figures that other apps add: of searches, of campaigns. They know us, and we do not know them."""

from collections.abc import Callable
from dataclasses import dataclass

from .definitions import FIGURES, Figure


@dataclass(frozen=True)
class Source:
    """Some figures and the function that computes them.

    `compute(period=…, municipalities=…)` answers {municipality's pk: {key: value}}. What belongs
    to no municipality is under None; it is shown for all municipalities together only.
    """

    figures: tuple[Figure, ...]
    compute: Callable


SOURCES: list[Source] = []


def add_figures(figures, compute):
    """Let the reports show more figures. Called from an app's `ready`."""
    SOURCES.append(Source(tuple(figures), compute))
    FIGURES.update({figure.key: figure for figure in figures})


def added_figures():
    """Every added figure, in the order that they were added."""
    return [figure for source in SOURCES for figure in source.figures]


def computed(*, period, municipalities=None):
    """{municipality's pk or None: {key: value}} of all the added figures."""
    result = {}
    for source in SOURCES:
        for place, values in source.compute(period=period, municipalities=municipalities).items():
            result.setdefault(place, {}).update(values)
    return result
