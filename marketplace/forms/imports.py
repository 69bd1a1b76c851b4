"""A row of a spreadsheet of listings, and the file itself."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from marketplace.models import MaterialListing, Unit
from marketplace.models.units import format_quantity
from portal.collation import swedish_order

from .fields import QuantityField, StockFields, check_tags

DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%Y/%m/%d")


def columns():
    """{name: heading} of the columns of a spreadsheet of listings, in order."""
    return {
        "title": gettext_lazy("Title"),
        "category": gettext_lazy("Kind of material"),
        "quantity": gettext_lazy("Quantity"),
        "unit": gettext_lazy("Unit"),
        "kg_per_unit": gettext_lazy("Kg each"),
        "condition": gettext_lazy("Condition"),
        "description": gettext_lazy("Description"),
        "available_until": gettext_lazy("Last day"),
        "splittable": gettext_lazy("Can be shared"),
        "smallest_part": gettext_lazy("Smallest part"),
        "pickup_address": gettext_lazy("Pickup address"),
        "pickup_postcode": gettext_lazy("Postcode"),
        "pickup_town": gettext_lazy("Town"),
        "pickup_hours": gettext_lazy("Pickup times"),
        "dimensions": gettext_lazy("Dimensions"),
        "colours": gettext_lazy("Colours"),
        "tags": gettext_lazy("Words"),
        "reference": gettext_lazy("Your own reference"),
        "storage_place": gettext_lazy("Storage place"),
    }


# Without these a row is no listing.
REQUIRED = ("title", "category", "quantity", "unit")


def choices():
    """{column: the words to choose from in the active language}, for those that are few."""
    return {
        "unit": sorted((str(label) for label in Unit.labels), key=swedish_order),
        "condition": [str(label) for label in MaterialListing.Condition.labels],
        "splittable": [_("Yes"), _("No")],
    }


@lru_cache
def _said(language):
    """What people may write for units, conditions and yes or no, in lower case, by column."""
    said = {"unit": {}, "condition": {}, "splittable": {}}
    for each in dict.fromkeys(("en", "sv", language)):
        with override(each):
            for value, label in Unit.choices:
                one = format_quantity(1, value).split(None, 1)[1]
                for word in (str(label), one, value):
                    said["unit"][word.casefold()] = value
            for value, label in MaterialListing.Condition.choices:
                said["condition"][str(label).casefold()] = value
                said["condition"][value] = value
            for word, value in ((_("Yes"), True), (_("No"), False)):
                said["splittable"][word.casefold()] = value
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
        if text.casefold() not in known:
            words = " / ".join(choices()[self.column])
            raise forms.ValidationError(_("write one of these: %(words)s") % {"words": words})
        return known[text.casefold()]


class DayField(forms.CharField):
    """A day as 2026-05-31 or 31/5/2026. Cleans to a date, or None."""

    def clean(self, value) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        for form in DAY_FORMATS:
            try:
                day = datetime.strptime(text, form).date()  # a day has no zone
            except ValueError:
                continue
            if day < timezone.localdate():
                raise forms.ValidationError(_("that day has already passed"))
            return day
        raise forms.ValidationError(_("write the day as 2026-05-31"))


def words(name):
    """A text column, as long as the listing's field of that name."""
    return forms.CharField(
        max_length=MaterialListing._meta.get_field(name).max_length, required=False
    )


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
    splittable = ChosenField("splittable", default=True)
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

    NOT_WRITTEN = ("category", "quantity", "unit", "kg_per_unit", "tags")

    def __init__(self, data, *, categories):
        super().__init__(data)
        self.categories = categories

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

    def listing_values(self, organisation, user):
        """The fields of the listing; what is not said of the place is the organisation's."""
        values = {
            name: value for name, value in self.cleaned_data.items() if name not in self.NOT_WRITTEN
        }
        if not values["pickup_address"]:
            values["pickup_address"] = organisation.address
            values["pickup_postcode"] = values["pickup_postcode"] or organisation.postcode
            values["pickup_town"] = values["pickup_town"] or organisation.town
        return values | {
            "category_id": self.cleaned_data["category"],
            "contact_name": (user.get_full_name() if user else "") or organisation.contact_name,
            "contact_email": user.email if user else organisation.contact_email,
            "contact_phone": organisation.contact_phone,
        }


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy("XLSX or CSV, with a listing on each row. At most 5,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
