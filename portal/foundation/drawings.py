"""The drawings of our own, in `static/portal/img/illustrations/`: which there are."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

FOLDER = Path(__file__).parents[1] / "static/portal/img/illustrations"


def path(slug):
    return f"portal/img/illustrations/{slug}.svg"


@cache
def exists(slug):
    """Whether there is a drawing with this name."""
    return bool(slug and finders.find(path(slug)))


def every():
    """The names of all drawings."""
    return sorted(file.stem for file in FOLDER.glob("*.svg"))
