"""A row of a spreadsheet of listings, and the file itself."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from marketplace.exchange.stock.forms import StockFields
from marketplace.listings.models import MaterialListing
from marketplace.materials.fields import QuantityField, check_tags
from marketplace.materials.units import Unit, format_quantity, trim
from marketplace.offers.imports.columns import labels
from marketplace.safety.answers import QUESTIONS, UNKNOWN
from portal.foundation.collation import swedish_order
from portal.foundation.spreadsheets.values import as_text
from portal.foundation.text import one_line
from portal.foundation.written import NotUnderstood, parse_day, parse_yes_no

# Nobody knows today what is left to fetch in so many years: the figures stand for another day.
MOST_YEARS_AHEAD = 3

COUNTED_IN_WHOLE = {Unit.PIECE, Unit.SHEET, Unit.SET, Unit.PAIR}

# How people write units besides their names, in lower case and without a point at the end.
UNITS_AS_WRITTEN = {
    Unit.PIECE: ("st", "styck", "stk", "stck", "pcs", "pc", "ex"),
    Unit.KILOGRAM: ("kilo", "kilogram", "kilos"),
    Unit.GRAM: ("gram", "gr"),
    Unit.LITRE: ("liter", "lit", "ltr"),
    Unit.METRE: ("meter", "mtr"),
    Unit.RUNNING_METRE: ("lpm", "löpm", "lm", "löpmeter"),
    Unit.SQUARE_METRE: ("kvm", "m2", "m²", "kvadratmeter"),
    Unit.CUBIC_METRE: ("kbm", "m3", "m³", "kubikmeter", "kubik"),
    Unit.PALLET: ("pallar", "pall", "eur-pall", "pallplats"),
    Unit.BOX: ("kart", "krt", "kartong", "låda", "lådor", "frp", "förp"),
    Unit.SACK: ("säck", "säckar", "påse", "påsar"),
    Unit.ROLL: ("rulle", "rullar", "rle"),
    Unit.SHEET: ("ark", "skiva", "skivor"),
    Unit.SET: ("sats", "satser", "set", "sett"),
    Unit.PAIR: ("par", "pairs"),
}


def choices():
    """{column: the words to choose from in the active language}, for those that are few."""
    return {
        "unit": sorted((str(label) for label in Unit.labels), key=swedish_order),
        "condition": [str(label) for label in MaterialListing.Condition.labels],
        "splittable": [_("Yes"), _("No")],
        **{
            name: [str(label) for label in answers.labels]
            for name, (_q, answers) in QUESTIONS.items()
        },
    }


@lru_cache
def _said(language):
    """What people may write for units and conditions, in lower case, by column."""
    said: dict[str, dict[str, str]] = {
        "unit": {},
        "condition": {},
        **{name: {} for name in QUESTIONS},
    }
    for unit, words in UNITS_AS_WRITTEN.items():
        said["unit"] |= dict.fromkeys(words, unit)
    for each in dict.fromkeys(("en", "sv", language)):
        with override(each):
            for value, label in Unit.choices:
                one = format_quantity(1, value).split(None, 1)[1]
                for word in (str(label), one, value):
                    said["unit"][word.casefold()] = value
            for value, label in MaterialListing.Condition.choices:
                said["condition"][str(label).casefold()] = value
                said["condition"][value] = value
            for name, (_question, answers) in QUESTIONS.items():
                for answer, shown in answers.choices:
                    said[name] |= {str(shown).casefold(): answer, answer: answer}
    return said


class ChosenField(forms.CharField):
    """One of some words, written in any of the site's languages. Cleans to what it stands for."""

    def __init__(self, column, *, default=None, **kwargs):
        super().__init__(required=default is None, **kwargs)
        self.column, self.default = column, default

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return self.default
        known = _said(get_language())[self.column]
        key = one_line(text).casefold().rstrip(".")
        if key not in known:
            words = " / ".join(choices()[self.column])
            raise forms.ValidationError(_("write one of these: %(words)s") % {"words": words})
        return known[key]


class YesNoField(forms.Field):
    """Yes or no, as words or as Excel's own TRUE. Cleans to a bool, True when nothing is said."""

    def clean(self, value) -> bool:
        if value in self.empty_values:
            return True
        try:
            return parse_yes_no(value)
        except NotUnderstood as error:
            words = " / ".join(choices()["splittable"])
            raise forms.ValidationError(
                _("write one of these: %(words)s") % {"words": words}
            ) from error


class DayField(forms.Field):
    """A day as people write it. Cleans to a date from today and some years on, or None."""

    def clean(self, value) -> date | None:
        if value in self.empty_values:
            return None
        try:
            day = parse_day(value)
        except NotUnderstood as error:
            raise forms.ValidationError(_("write the day as 2026-05-31")) from error
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("that day has already passed"))
        if day.year > today.year + MOST_YEARS_AHEAD:
            raise forms.ValidationError(
                _("%(day)s is too far ahead; check the year") % {"day": date_format(day)}
            )
        return day


def words(name):
    """A text column, as long as the listing's field of that name."""
    field = MaterialListing._meta.get_field(name)
    return forms.CharField(max_length=getattr(field, "max_length", None), required=False)


class ListingRowForm(StockFields, forms.Form):
    """One row: like the offer form, but light enough for thousands, and with words for choices.

    `categories` is {name in lower case: primary key}.
    """

    title = forms.CharField(max_length=120)
    category = forms.CharField()
    quantity = QuantityField()
    unit = ChosenField("unit")
    kg_per_unit = QuantityField(decimal_places=4, max_value=Decimal(100_000), required=False)
    condition = ChosenField("condition", default=MaterialListing.Condition.GOOD)
    description = words("description")
    available_until = DayField(required=False)
    splittable = YesNoField(required=False)
    smallest_part = QuantityField(required=False)
    pickup_address = words("pickup_address")
    pickup_postcode = words("pickup_postcode")
    pickup_town = words("pickup_town")
    pickup_hours = words("pickup_hours")
    dimensions = words("dimensions")
    colours = words("colours")
    tags = forms.CharField(required=False)
    reference = words("reference")
    storage_place = words("storage_place")
    made_for = ChosenField("made_for", default=UNKNOWN)
    treatment = ChosenField("treatment", default=UNKNOWN)
    dust_or_smell = ChosenField("dust_or_smell", default=UNKNOWN)
    loose_parts = ChosenField("loose_parts", default=UNKNOWN)
    heat_or_food = ChosenField("heat_or_food", default=UNKNOWN)

    NOT_WRITTEN = ("category", "quantity", "unit", "kg_per_unit", "tags")
    # What was typed as a number or a yes is not made a text of first.
    TYPED = ("quantity", "kg_per_unit", "smallest_part", "available_until", "splittable")
    SEVERAL_LINES = ("description", "pickup_hours")

    def __init__(self, data, *, categories):
        super().__init__({name: self.written(name, value) for name, value in data.items()})
        self.categories = categories

    @classmethod
    def written(cls, name, value):
        """What a cell gives its field: numbers stay numbers, other texts are on one line."""
        if name in cls.TYPED:
            return value
        text = as_text(value)
        return text if name in cls.SEVERAL_LINES else one_line(text)

    @property
    def is_part_of_a_piece(self):
        """Whether the amount is a fraction of something that is counted in whole ones."""
        quantity = self.cleaned_data["quantity"]
        return self.cleaned_data["unit"] in COUNTED_IN_WHOLE and quantity != int(quantity)

    def clean_category(self):
        text = self.cleaned_data["category"].casefold()
        if text not in self.categories:
            raise forms.ValidationError(
                _("there is no such material here; the empty spreadsheet has a list of all")
            )
        return self.categories[text]

    def clean_tags(self):
        tags = [word.strip() for word in self.cleaned_data["tags"].replace(";", ",").split(",")]
        return check_tags(list({word.casefold(): word for word in tags if word}.values()))

    def has_a_place(self, organisation):
        """Whether it is known where the material is fetched."""
        said = self.cleaned_data
        return bool(said["pickup_address"] or place_of(organisation, said))

    def listing_values(self, organisation, user):
        """The fields of the listing; what is not said of the place is the organisation's."""
        values = {
            name: value for name, value in self.cleaned_data.items() if name not in self.NOT_WRITTEN
        }
        if not values["pickup_address"]:
            values |= place_of(organisation, values)
        return values | {
            "category_id": self.cleaned_data["category"],
            "contact_name": (str(user) if user else "") or organisation.contact_name,
            "contact_email": user.email if user else organisation.contact_email,
            "contact_phone": organisation.contact_phone,
        }


def place_of(organisation, values):
    """Where it is fetched if the row does not say: the organisation, or the place used last."""
    place = organisation if organisation.address else organisation.places.first()
    if place is None:
        return {}
    return {
        "pickup_address": place.address,
        "pickup_postcode": values["pickup_postcode"] or place.postcode,
        "pickup_town": values["pickup_town"] or place.town,
    }


def understood(form, names):
    """{column: what it was taken to mean, in words} of a valid row. `names` are of categories."""
    said = form.cleaned_data
    unit = said["unit"]
    words = {
        "category": names.get(said["category"], ""),
        "quantity": format_quantity(said["quantity"], unit),
        "unit": Unit(unit).label,
        "kg_per_unit": f"{trim(said['kg_per_unit'])} kg",
        "condition": MaterialListing.Condition(said["condition"]).label,
        "splittable": _("Yes") if said["splittable"] else _("No"),
        "tags": ", ".join(said["tags"]),
    }
    if said["available_until"]:
        words["available_until"] = _("Until and including %(day)s") % {
            "day": date_format(said["available_until"], "j F Y")
        }
    for name, (_question, answers) in QUESTIONS.items():
        words[name] = answers(said[name]).label
    if said["smallest_part"]:
        words["smallest_part"] = format_quantity(said["smallest_part"], unit)
    return {name: str(words.get(name, said[name] or "")) for name in labels() if name in form.data}


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy("XLSX or CSV, with a listing on each row. At most 5,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
