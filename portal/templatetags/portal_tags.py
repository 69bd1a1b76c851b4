"""Tags and filters that every template has without loading them."""

import json
import re
from copy import copy
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zlib import crc32

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info, gettext
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar

from portal.foundation import drawings as foundation_drawings
from portal.foundation.drawings import exists
from portal.foundation.page_cache.fragments import shared
from portal.foundation.page_cache.personal import is_frame, personal, personal_part
from portal.foundation.pages.models import BasePage
from portal.foundation.sites import current_settings
from portal.foundation.submissions import TOKEN, new_token

register = template.Library()
register.tag("shared", shared)
register.tag("personal", personal)

# How far below the first level a value of a filter is.
FACET_DEPTHS = (
    "",
    " facet__option--child",
    " facet__option--child facet__option--grandchild",
)
CHECKED = mark_safe(" checked")


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name, modifier=""):
    """A decorative icon of the sprite `icons.svg`; `modifier` such as "small"."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f"icon icon--{modifier}" if modifier else "icon",
        static("portal/img/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def staff_bar(context):
    """Wagtail's bar for staff. A preview, which is shown as to a visitor, has it as well."""
    request = context.get("request")
    if is_frame(request):
        # Kept for those who are not staff.
        return ""
    previewed_by = getattr(request, "previewed_by", None)
    if previewed_by is None:
        return wagtailuserbar(context)
    seen = copy(request)
    seen.user = previewed_by
    with context.push(request=seen):
        return wagtailuserbar(context)


@register.simple_tag
def once():
    """What makes a form that creates something safe to send twice (see `portal.foundation`)."""
    return format_html('<input type="hidden" name="{}" value="{}">', TOKEN, new_token())


@register.simple_tag
def facet_options(name, options):
    """The checkboxes of a filter with their counts; `name` is that of the parameter.

    `options` are dicts of value, label, count, selected and depth. A search page has more than a
    hundred of them: in a template they took a quarter of its time.
    """
    return format_html_join(
        "",
        '<label class="facet__option{}">'
        '<input type="checkbox" id="{}-{}" name="{}" value="{}"{}> <span>{}</span>'
        '<span class="facet__count"><span class="visually-hidden">(</span>{}'
        '<span class="visually-hidden">)</span></span></label>',
        (
            (
                FACET_DEPTHS[min(option["depth"], len(FACET_DEPTHS) - 1)],
                name,
                option["value"],
                name,
                option["value"],
                CHECKED if option["selected"] else "",
                option["label"],
                number_format(option["count"], use_l10n=True),
            )
            for option in options
        ),
    )


@register.simple_tag(takes_context=True)
def absolute_static(context, path):
    """Return the absolute URL of a static file, for use outside the site."""
    request = context.get("request")
    return request.build_absolute_uri(static(path)) if request else static(path)


@register.simple_tag
def illustration(slug, eager=False, tint=None):
    """One of our own drawings, decorative; falls back to the drawing of a box of material.

    Its background is one of the six tints of the stylesheet: that of its name, or for a list in
    which the same drawing comes again, that of the number `tint`.
    """
    if not exists(slug):
        slug = "material"
    number = tint or crc32(slug.encode())
    return format_html(
        '<img class="drawing drawing--{}" src="{}" alt="" width="400" height="300"{}>',
        number % 6 + 1,
        static(foundation_drawings.path(slug)),
        "" if eager else mark_safe(' loading="lazy"'),
    )


BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


@register.filter
def device(user_agent):
    """A browser's name and system as people know them, of what it says about itself."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), None)
    if browser is None and "Safari/" in user_agent:
        browser = "Safari"
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), None)
    known = ", ".join(filter(None, (browser, system)))
    return known or user_agent[:60] or gettext("Unknown browser")


@register.simple_tag(takes_context=True)
def structured_data(context, data):
    """`data` (a dict of schema.org) as JSON-LD, safe against closing the script element."""
    text = json.dumps({"@context": "https://schema.org"} | data, ensure_ascii=False, default=str)
    for character, escape in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(character, escape)
    return format_html(
        '<script type="application/ld+json" nonce="{}">{}</script>',
        context["request"].csp_nonce,
        mark_safe(text),  # noqa: S308  # escaped above
    )


@register.simple_tag
def text_direction():
    """ "rtl" or "ltr" for the language of the page."""
    return "rtl" if get_language_info(get_language()).get("bidi") else "ltr"


@register.simple_tag(takes_context=True)
def language_alternates(context):
    """The same page in each language: a list of {code, name, url, href, current, exact, main}.

    `url` keeps what has been asked for (a search, filters, a page of a list); `href` is the whole
    address for search engines. A page without a translation is not `exact`: its `url` then leads to
    a page in the other language that says so and links back (see `inspiration.models.HomePage`).
    """
    request = context.get("request")
    if request is None or not request.resolver_match:
        return []
    page = context.get("page")
    translations = None
    if isinstance(page, BasePage):
        live = page.live_translations()
        translations = {each.locale.language_code: each.url for each in live}
    question = request.META.get("QUERY_STRING", "")
    here = get_language()
    alternates = []
    own = current_settings()
    for code, _name in settings.LANGUAGES:
        if own and not own.offers(code) and code != here:
            continue
        exact = translations is None or code in translations
        path = (translations or {}).get(code) or translate_url(request.path, code)
        alternates.append(
            {
                "code": code,
                "name": get_language_info(code)["name_local"].capitalize(),
                "url": f"{path}?{question}" if question else path,
                "href": request.build_absolute_uri(path) + page_number(request),
                "current": code == here,
                "exact": exact,
                "main": code == settings.LANGUAGE_CODE,
            }
        )
    return alternates


@register.simple_tag(takes_context=True)
def canonical_url(context):
    """The one address of this page: without filters and sources, with the number of a long list."""
    request = context.get("request")
    return request.build_absolute_uri(request.path) + page_number(request) if request else ""


def page_number(request):
    """ "?sida=2" on the second page of a list, and nothing on the first."""
    number = request.GET.get("sida", "")
    known = number.isdecimal() and len(number) < 7
    return f"?sida={number}" if known and int(number) > 1 else ""


@register.filter
def telephone_link(number):
    """The link that dials `number`, however it is written: its digits, and a + before them."""
    plus = "+" if number.strip().startswith("+") else ""
    return f"tel:{plus}{''.join(filter(str.isdecimal, number.replace('(0)', '')))}"


@register.filter
def as_written(text):
    """What somebody has written, marked as the site's main language on pages in another."""
    if get_language() == settings.LANGUAGE_CODE:
        return text
    return format_html('<span lang="{}" dir="auto">{}</span>', settings.LANGUAGE_CODE, text)


@register.filter
def quotes_as_written(text):
    """A sentence of ours that holds what somebody has written, in quotation marks or at its end.

    At its end it follows a colon ("Published: Kapellväv"); a number there is ours.
    """
    if get_language() == settings.LANGUAGE_CODE:
        return text
    parts = re.split(r"((?<=“).*?(?=”)|(?<=: )(?!\d)[^“”]*$)", str(text))
    # Every second one is what somebody has written.
    said = ((as_written(part) if at % 2 else part,) for at, part in enumerate(parts))
    return format_html_join("", "{}", said)


@register.simple_tag
def language_of_written():
    """The attributes of an element that holds nothing but what somebody has written."""
    if get_language() == settings.LANGUAGE_CODE:
        return ""
    return format_html('lang="{}" dir="auto"', settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def form_went_wrong(context):
    """Whether a form of the page came back with errors, or its photos were refused."""
    photos = context.get("photos")
    if getattr(photos, "errors", None):
        return True
    found = [each for layer in context.dicts for each in layer.values()]
    listed = [each for value in found if issubclass(type(value), list) for each in value]
    # By its type: `isinstance` would wake lazy values, and the CSRF token would set a cookie.
    return any(issubclass(type(each), BaseForm) and each.errors for each in (*found, *listed))


class CaptureNode(template.Node):
    def __init__(self, nodelist, name):
        self.nodelist, self.name = nodelist, name

    def render(self, context):
        text = " ".join(self.nodelist.render(context).split()).replace('"', "&quot;")
        context[self.name] = mark_safe(text)  # noqa: S308  # escaped when rendered
        return ""


@register.tag
def capture(parser, token):
    """{% capture name %}…{% endcapture %}: what is rendered inside, for use more than once."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(["endcapture"])
    parser.delete_first_token()
    return CaptureNode(nodelist, name)


@register.simple_tag(takes_context=True)
def unread_count(context):
    """How many notifications the signed-in person has not read."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return 0
    # Header and thumb menu both show it.
    if not hasattr(user, "unread_notifications"):
        user.unread_notifications = user.notifications.filter(read_at=None).count()
    return user.unread_notifications


@personal_part("number_of_user")
def number_of_user(request):
    """What the page's own scripts tell apart by what two people keep in one browser."""
    user = getattr(request, "user", None)
    return "" if user is None or user.pk is None else str(user.pk)


@personal_part("way_in")
def way_in(request, place):
    """The link to My page, or to sign in: in the header or in the phone's menu (`place`)."""
    return render_to_string(f"components/way_in_{place}.html", request=request)


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
