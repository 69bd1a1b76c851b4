"""What the style guide shows the components with. Development only."""

import re
from decimal import Decimal
from pathlib import Path

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import render

from marketplace.impact.charts import columns
from marketplace.listings.models import MaterialListing
from marketplace.listings.photos.forms import PhotoSet
from portal.foundation.drawings import every
from portal.foundation.images.models import CustomImage

TOKENS = Path(settings.BASE_DIR, "portal/static/portal/css/tokens.css")
TRANSLATED = {
    "language": "sv",
    "shown": {"is_translation": True},
    "source": {"title": "Papprör", "text": "En meter långa."},
}
ICONS = Path(settings.BASE_DIR, "portal/static/portal/img/icons.svg")


class SampleForm(forms.Form):
    """A field of every kind that forms of the portal use."""

    title = forms.CharField(
        label="What is it?", help_text="For example, “Cardboard tubes, one metre”."
    )
    text = forms.CharField(label="More about it", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose one"), ("paper", "Paper")])
    delivery = forms.BooleanField(label="We can deliver it", required=False)
    ages = forms.MultipleChoiceField(
        label="For whom?",
        choices=[("preschool", "Preschool"), ("school", "School")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    condition = forms.ChoiceField(
        label="Condition",
        choices=[("new", "Unused"), ("used", "Used")],
        widget=forms.RadioSelect,
        required=False,
    )


class SampleFormWithErrors(SampleForm):
    """The same, sent with nothing in it."""

    def __init__(self):
        super().__init__({}, prefix="wrong")


def tokens(prefix):
    """The names of the tokens that begin with `prefix`, in the order of the stylesheet."""
    light = TOKENS.read_text().split("@media", 1)[0]
    return [name for name in re.findall(r"--([a-z0-9-]+):", light) if name.startswith(prefix)]


def colours():
    """The names of the tokens whose value is a colour."""
    light = TOKENS.read_text().split("@media", 1)[0]
    return re.findall(r"--([a-z0-9-]+): (?:#|rgb)", light)


def facet():
    options = [
        {"value": "paper", "label": "Paper", "count": 12, "selected": True, "depth": 0},
        {"value": "tubes", "label": "Tubes", "count": 4, "selected": False, "depth": 1},
        {"value": "wood", "label": "Wood", "count": 31, "selected": False, "depth": 0},
    ]
    more = [{"value": "glass", "label": "Glass", "count": 2, "selected": False, "depth": 0}]
    return {"options": options, "more": more}


def style_guide(request):
    """Every component of templates/components/ in its states, and what the look is made of."""
    image = CustomImage.objects.order_by("pk").first()
    return render(
        request,
        "portal/site/style_guide.html",
        {
            "chart": columns(
                [
                    (month, Decimal(kg))
                    for month, kg in zip("JFMAMJ", (40, 62, 55, 80, 12, 96), strict=True)
                ]
            ),
            "colours": colours(),
            "drawings": every(),
            "facet": facet(),
            "feeds": [("rss", "#rss"), ("atom", "#atom")],
            "form": SampleForm(prefix="right"),
            "icons": re.findall(r'<symbol id="([a-z-]+)"', ICONS.read_text()),
            "image": image,
            "listings": MaterialListing.objects.available().for_cards()[:2],
            "photos": PhotoSet(maximum=3, images=[image] if image else []),
            "page": Paginator(range(30), 10).page(2),
            "radii": tokens("radius"),
            "spaces": tokens("space"),
            "steps": [
                {"title": "Offer", "text": "A company shows what is left over."},
                {"title": "Ask", "text": "A school asks for what it needs."},
                {"title": "Fetch", "text": "They agree on a time, and kilos are counted."},
            ],
            "texts": tokens("text"),
            "translated": TRANSLATED,
            "trail": [
                {"url": "#start", "title": "Start"},
                {"url": "#list", "title": "Lesson ideas"},
            ],
            "wrong": SampleFormWithErrors(),
        },
    )
