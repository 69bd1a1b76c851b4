"""The colours of the stylesheet, held to WCAG AA in both schemes wherever they meet."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from portal.foundation.colours import contrast_ratio as contrast

TOKENS = Path(settings.BASE_DIR, "portal/static/portal/css/tokens.css").read_text()
LIGHT, DARK = TOKENS.split("@media screen and (prefers-color-scheme: dark)")
SCHEMES = {"light": LIGHT, "dark": LIGHT + DARK}
# What is written, and what it is written on.
TEXT = [
    *(("ink", ground) for ground in ("paper", "surface", "sunken", "accent-tint", "warm-tint")),
    ("ink", "danger-tint"),
    *(("ink-soft", ground) for ground in ("paper", "surface", "sunken")),
    *(("accent", ground) for ground in ("paper", "surface", "accent-tint")),
    ("accent-hover", "accent-tint"),
    *(("warm", ground) for ground in ("paper", "surface")),
    *(("danger", ground) for ground in ("paper", "surface", "danger-tint")),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-warm", "warm"),
    ("on-warm", "warm-hover"),
    ("on-sun", "sun"),
    ("on-deep", "deep"),
    ("on-deep-soft", "deep"),
    ("paper", "ink"),
]
# Frames of fields and the mark of focus, which must be seen but are not read.
EDGES = [
    *(("line-strong", ground) for ground in ("paper", "surface")),
    *(("focus", ground) for ground in ("paper", "surface", "accent-tint")),
    ("sun", "deep"),
]


def colour(scheme, name):
    """The value of a token; in the dark scheme the last one said holds."""
    return re.findall(rf"--{name}: (#[0-9a-f]{{6}})", SCHEMES[scheme])[-1]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(scheme, ink, ground):
    assert contrast(colour(scheme, ink), colour(scheme, ground)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_can_be_seen(scheme, edge, ground):
    assert contrast(colour(scheme, edge), colour(scheme, ground)) >= 3
