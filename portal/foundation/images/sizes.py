"""The sizes in which the templates show pictures, all made when something is published.

WebP and JPEG: AVIF took six times the processor time of WebP for 13 per cent fewer bytes (six
photographs at 480, 800 and 1200 pixels). JPEG is for old browsers and for what other sites share.
A template that asks for another size makes its first visitor wait; a test looks for that.
"""

FORMATS = ("webp", "jpeg")
WIDTHS = (240, 480, 800, 1200)
SHARED = "fill-1200x630|format-jpeg"
WHOLE = "max-2000x2000|format-jpeg"
ADMIN = ("max-165x165", "fill-80x60|format-jpeg")

SIZES = (
    *(f"format-{kind}|width-{width}" for kind in FORMATS for width in WIDTHS),
    SHARED,
    WHOLE,
    *ADMIN,
)
