"""Contrast of colours that a site owner chooses."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# The hardest surfaces for accents to be read on, in the light and the dark scheme (`tokens.css`).
LIGHT_SURFACE = "#eee6d6"


DARK_SURFACE = "#22261f"


def relative_luminance(colour):
    """Relative luminance (0–1) of an "#rrggbb" colour, as WCAG 2.1 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_ratio(one, other):
    """WCAG 2.1 contrast ratio (1–21) between two "#rrggbb" colours."""
    lighter, darker = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def validate_colour(value):
    """Accept an "#rrggbb" colour."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValidationError(
            _("Write the colour as # and six hexadecimal digits, such as #1f5c4a.")
        )


def validate_accent_colour(value):
    """Accept a colour that white text can be read on, and that can be read on our light surfaces.

    Both follow from 4.5:1 (WCAG AA) against the darkest of those.
    """
    validate_colour(value)
    if contrast_ratio(value, LIGHT_SURFACE) < 4.5:
        raise ValidationError(
            _("White text cannot be read well on this colour. Choose a darker one.")
        )


def validate_dark_accent_colour(value):
    """Accept a colour that can be read on the dark scheme's surfaces (WCAG AA, 4.5:1)."""
    validate_colour(value)
    if contrast_ratio(value, DARK_SURFACE) < 4.5:
        raise ValidationError(
            _("This colour cannot be read well on a dark background. Choose a lighter one.")
        )
