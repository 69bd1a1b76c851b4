"""The drawings of our own, in `static/portal/img/illustrations/`: which there are."""

from functools import cache

from django.contrib.staticfiles import finders


def path(slug):
    return f"portal/img/illustrations/{slug}.svg"


@cache
def exists(slug):
    """Whether there is a drawing with this name."""
    return bool(slug and finders.find(path(slug)))
