"""Tags and filters that every template has without loading them."""

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info

register = template.Library()

# Drawn on a 24 px grid, stroke only; see `.icon` in components.css.
ICONS = {
    "alert": '<path d="M12 3 2.5 20h19L12 3Z"/><path d="M12 10v4M12 17.2v.1"/>',
    "box": '<path d="M3.5 8 12 3.5 20.5 8v8.5L12 21l-8.5-4.5V8Z"/><path d="M3.5 8 12 12.5 20.5 8M12 12.5V21"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 3v4M16 3v4"/>',
    "camera": '<path d="M3 8.5A1.5 1.5 0 0 1 4.5 7H8l1.5-2.5h5L16 7h3.5A1.5 1.5 0 0 1 21 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-9Z"/><circle cx="12" cy="13" r="3.5"/>',
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "chart": '<path d="M4 20V10M10 20V4M16 20v-8M21 20H3"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "down": '<path d="m6 9 6 6 6-6"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M4 20h16"/>',
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "heart": '<path d="M12 20s-7.5-4.6-8.7-9.2C2.4 7.3 4.5 5 7 5c2 0 3.7 1.2 5 3 1.3-1.8 3-3 5-3 2.5 0 4.6 2.3 3.7 5.800C19.5 15.4 12 20 12 20Z"/>',
    "home": '<path d="M4 11 12 4l8 7v8.500a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V11Z"/>',
    "idea": '<path d="M9 18h6M10 21h4"/><path d="M12 3a6.5 6.5 0 0 0-4 11.600c.7.6 1 1.2 1 2V18h6v-1.400c0-.8.3-1.4 1-2A6.5 6.5 0 0 0 12 3Z"/>',
    "leaf": '<path d="M5 19C4 10 10 5 20 4c0 10-4 16-12 15"/><path d="M5 20c2-5 5-8 9-10"/>',
    "left": '<path d="m15 6-6 6 6 6"/>',
    "mail": '<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="m4 7 8 6 8-6"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 20.500c1-4.5 4-6.5 8-6.500s7 2 8 6.5"/>',
    "pin": '<path d="M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11Z"/><circle cx="12" cy="10" r="2.3"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4v-7h16v7h-3"/><path d="M7 14h10v6H7z"/>',
    "right": '<path d="m9 6 6 6-6 6"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "truck": '<path d="M2.5 6h11v10h-11zM13.5 10H18l3.5 3v3h-8"/><circle cx="7" cy="17.5" r="2"/><circle cx="17" cy="17.5" r="2"/>',
    "weight": '<circle cx="12" cy="6" r="2.5"/><path d="M7 8.500h10l2.5 12h-15L7 8.500Z"/>',
}


@register.simple_tag
def icon(name, modifier=""):
    """A decorative 24 px icon; `modifier` such as "small". The words beside it carry the meaning."""
    classes = f"icon icon--{modifier}" if modifier else "icon"
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        classes,
        mark_safe(ICONS[name]),  # noqa: S308  # our own drawings above
    )


@register.simple_tag
def illustration(slug, eager=False):
    """One of our own drawings, decorative; falls back to the drawing of a box of material."""
    path = f"portal/img/illustrations/{slug}.svg"
    if not slug or not finders.find(path):
        path = "portal/img/illustrations/material.svg"
    return format_html(
        '<img src="{}" alt="" width="400" height="300"{}>',
        static(path),
        "" if eager else mark_safe(' loading="lazy"'),
    )


@register.simple_tag
def text_direction():
    """ "rtl" or "ltr" for the language of the page."""
    return "rtl" if get_language_info(get_language()).get("bidi") else "ltr"


@register.simple_tag(takes_context=True)
def language_alternates(context):
    """The same page in each language: a list of {code, name, url, current}.

    A page without a translation links to the start of the other language, which is polite enough.
    """
    request = context.get("request")
    if request is None:
        return []
    page = context.get("page")
    here = get_language()
    alternates = []
    for code, _name in settings.LANGUAGES:
        if page is not None and hasattr(page, "get_translations"):
            url = next(
                (
                    translation.url
                    for translation in page.get_translations(inclusive=True).live()
                    if translation.locale.language_code == code
                ),
                None,
            )
            exact = url is not None
            url = url or translate_url("/", code)
        else:
            url, exact = translate_url(request.get_full_path(), code), True
        alternates.append(
            {
                "code": code,
                "name": get_language_info(code)["name_local"].capitalize(),
                "url": url,
                "current": code == here,
                "exact": exact,
            }
        )
    return alternates


@register.simple_tag(takes_context=True)
def unread_count(context):
    """How many notifications the signed-in person has not read."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return 0
    return user.notifications.filter(read_at=None).count()


def rounded(value, decimals):
    step = Decimal(1).scaleb(-decimals)
    return number_format(
        Decimal(value).quantize(step, rounding=ROUND_HALF_UP),
        decimals,
        use_l10n=True,
        force_grouping=True,
    )


@register.filter
def kg(value):
    """A mass or an amount of CO2e in kg: whole kilograms from 10 on, one decimal below."""
    value = Decimal(value or 0)
    decimals = 0 if abs(value) >= 10 or value == value.to_integral_value() else 1
    return format_html("{}&nbsp;kg", rounded(value, decimals))


@register.filter
def sek(value):
    """An amount of money, whole kronor."""
    return format_html("{}&nbsp;kr", rounded(value or 0, 0))


@register.filter
def whole(value):
    """A whole number with its thousands grouped."""
    return rounded(value or 0, 0)
