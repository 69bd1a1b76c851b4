from datetime import date
from decimal import Decimal
from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.stock.forms import StockFields
from marketplace.listings.models import MaterialListing
from marketplace.materials.carrying import CarryClass
from marketplace.materials.fields import CategoryField, QuantityField, check_tags
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import Unit
from marketplace.organisations.fields import PostcodeField
from marketplace.organisations.places.services import as_listing_fields
from marketplace.safety.answers import QUESTIONS, UNKNOWN, presets_for
from portal.foundation.editing import NoticesOthers
from portal.foundation.form_fields import choice_field, mark_sometimes_required

NEW_PLACE = "new"


class OfferForm(NoticesOthers, StockFields, forms.ModelForm):
    """What a company writes about its left-over material: the words, and how much there is.

    `stock` of an instance that has one gives the initial quantity, unit and weight.
    """

    category = CategoryField(label=_("Kind of material"))
    quantity = QuantityField(label=_("How much is there?"))
    unit = forms.ChoiceField(label=_("Counted in"), choices=Unit.choices)
    kg_per_unit = QuantityField(
        label=_("What does one weigh, in kg?"),
        decimal_places=4,
        max_value=Decimal(100_000),
        required=False,
        help_text=_("A guess is good enough: a sheet of A4 about 0,005, a moving box 0,6."),
    )
    place = forms.ChoiceField(
        label=_("Where is it to be collected?"), widget=forms.RadioSelect, required=False
    )
    pickup_postcode = PostcodeField()
    smallest_part = QuantityField(
        label=_("Smallest part"),
        required=False,
        help_text=_("The least that somebody may take, in the same unit. One if left empty."),
    )

    class Meta:
        model = MaterialListing
        fields = [
            "title",
            "description",
            "category",
            "condition",
            "pickup_address",
            "pickup_postcode",
            "pickup_town",
            "pickup_hours",
            "delivery_offered",
            "available_from",
            "available_until",
            "splittable",
            "smallest_part",
            *MaterialListing.SAFETY_FIELDS,
            "colours",
            "dimensions",
            "carry_class",
            "tags",
            "recurrence",
            "contact_name",
            "contact_email",
            "contact_phone",
            "reference",
            "storage_place",
        ]
        labels = {
            "title": _("What is it?"),
            "description": _("Say a little more"),
            "pickup_address": _("Street address"),
            "pickup_hours": _("When can it be collected?"),
            "contact_name": _("Who to ask for"),
            "contact_phone": _("Telephone"),
            "available_until": _("Last day"),
            "available_from": _("First day"),
            "delivery_offered": _("We can deliver it"),
            "splittable": _("Several may share it"),
            "sharp_edges": _("Has sharp edges"),
            "suitable_from_age": _("Suitable from age"),
            "carry_class": _("How is one carried?"),
            "tags": _("Words that describe it"),
            "recurrence": _("Do you get this left over often?"),
            "reference": _("Your own reference"),
            "storage_place": _("Where it is stored"),
        }
        help_texts = {
            "title": _("For example, “Off-cuts of pine” or “Cardboard tubes, 1 metre”."),
            "description": _("Material, dimensions, packaging, anything to bear in mind."),
            "tags": _("Separate them with commas, such as wood, building, craft."),
            "pickup_address": _("Shown only to those whose reservations you have accepted."),
            "reference": _("Only your colleagues see it."),
            "storage_place": _(
                "Your colleagues see it, and those whose reservations you have accepted."
            ),
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "carry_class": forms.RadioSelect,
            "available_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "available_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "suitable_from_age": forms.NumberInput(attrs={"inputmode": "numeric"}),
            **dict.fromkeys(QUESTIONS, forms.RadioSelect),
        }

    # How the page groups the fields; what is not here is under "More".
    MAIN = ("title", "category")
    AMOUNT = ("quantity", "unit", "kg_per_unit")
    CARRY = "carry_class"
    SAFETY = tuple(QUESTIONS)
    PLACE = (
        "pickup_address",
        "pickup_postcode",
        "pickup_town",
        "pickup_hours",
        "contact_name",
        "contact_phone",
    )
    DEMANDED = ("pickup_address", "contact_name", "contact_phone")
    MAIN_MORE = ("condition", "description")

    # What a browser may fill in by itself (WCAG 1.3.5).
    AUTOCOMPLETE: ClassVar[dict[str, str]] = {
        "contact_name": "name",
        "contact_email": "email",
        "contact_phone": "tel",
        "pickup_address": "address-line1",
        "pickup_postcode": "postal-code",
        "pickup_town": "address-level2",
    }

    def __init__(self, *args, organisation=None, sending=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.sending = sending
        self.places = list(organisation.places.all()) if organisation else []
        self.offer_places()
        for name, kind in self.AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = kind
        self.fields["pickup_postcode"].widget.attrs["inputmode"] = "numeric"
        choice_field(self, self.CARRY).choices = [("", _("As usual")), *CarryClass.choices]
        self._ask_about_safety()
        for name in self.DEMANDED:
            mark_sometimes_required(self.fields[name])
        # Kilograms and grams say their own weight; for everything else it is asked for.
        mark_sometimes_required(self.fields["kg_per_unit"])
        stock = getattr(self.instance, "stock", None) if self.instance.pk else None
        if stock:
            self.fields["quantity"].initial = stock.offered
            self.fields["unit"].initial = stock.unit
            self.fields["kg_per_unit"].initial = stock.kg_per_unit

    def _ask_about_safety(self):
        """Five questions with an answer filled in: what is known of the category, or "don't know".

        The page does the same again when another category is chosen.
        """
        given = self.initial.get("category")
        key = str(getattr(given, "pk", given))
        category = (
            MaterialCategory.objects.filter(pk=key).first()
            if key.isdecimal() and len(key) < 10
            else None
        )
        known = presets_for(category) if category and not self.instance.pk else {}
        for name in QUESTIONS:
            self.fields[name].required = False
            # They have an answer from the start: "optional" would say that they may be left out.
            mark_sometimes_required(self.fields[name])
            self.initial[name] = self.initial.get(name) or known.get(name, UNKNOWN)

    def _post_clean(self):
        super()._post_clean()  # type: ignore[misc]  # Django's own, not in its stubs
        if {*MaterialListing.SAFETY_FIELDS} & {*self.changed_data}:
            # What an editor settled was about the answers of then.
            self.instance.preschool_ruling = ""

    def offer_places(self):
        """Let the organisation's places be chosen with a tap, the one used last from the start."""
        if not self.places:
            del self.fields["place"]
            return
        field = choice_field(self, "place")
        field.choices = [(str(each.pk), str(each)) for each in self.places] + [
            (NEW_PLACE, _("Another place"))
        ]
        # What is filled in already is changed, not replaced.
        address = self.get_initial_for_field(self.fields["pickup_address"], "pickup_address") or ""
        same = [each for each in self.places if each.address.casefold() == address.casefold()]
        if address and not same:
            field.initial = NEW_PLACE
        else:
            field.initial = str((same or self.places)[0].pk)

    @property
    def chosen_place(self):
        """The place that is chosen, as the form stands; None for another one."""
        chosen = self["place"].value() if "place" in self.fields else ""
        return next((each for each in self.places if str(each.pk) == chosen), None)

    def clean(self):
        cleaned = super().clean()
        for name in QUESTIONS:
            # Nothing tapped is nothing known.
            cleaned[name] = cleaned.get(name) or UNKNOWN
        if place := self.chosen_place:
            self.fill_in(place)
        if self.sending:
            self.demand_a_place()
        return cleaned

    def fill_in(self, place):
        """What was written stays; the place says the rest."""
        cleaned = self.cleaned_data
        address = cleaned.get("pickup_address") or place.address
        if address.casefold() != place.address.casefold():
            return
        values = as_listing_fields(place)
        for name in values.keys() & self.fields.keys():
            cleaned[name] = cleaned.get(name) or values[name]
        self.instance.pickup_access = values["pickup_access"]

    def demand_a_place(self):
        """Nothing is sent for review that could be promised and not fetched."""
        cleaned = self.cleaned_data
        needed = {
            "pickup_address": _("Enter the street address where it is to be collected."),
            "contact_name": _("Say who to ask for."),
        }
        for name, message in needed.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message)
        reachable = cleaned.get("contact_phone") or cleaned.get("contact_email")
        if not reachable and not {"contact_phone", "contact_email"} & set(self.errors):
            self.add_error("contact_phone", _("Write a telephone number or an e-mail address."))

    def group(self, names):
        return [self[name] for name in names]

    @property
    def main_fields(self):
        return self.group(self.MAIN)

    @property
    def main_more_fields(self):
        return self.group(self.MAIN_MORE)

    @property
    def main_more_is_open(self):
        return any(field.errors for field in self.main_more_fields)

    @property
    def amount_fields(self):
        return self.group(self.AMOUNT)

    @property
    def carry_field(self):
        return self[self.CARRY]

    @property
    def safety_fields(self):
        return self.group(self.SAFETY)

    @property
    def presets(self):
        """{key of a category: what its kind of material answers by itself}, for the page."""
        return {each.pk: presets_for(each) for each in MaterialCategory.objects.source()}

    @property
    def place_fields(self):
        return self.group(self.PLACE)

    @property
    def more_fields(self):
        shown = {"place", *self.MAIN, *self.MAIN_MORE, *self.AMOUNT, self.CARRY}
        shown |= {*self.SAFETY, *self.PLACE}
        return [field for field in self if field.name not in shown]

    @property
    def more_is_open(self):
        """Whether "More" has an error, which must not stay folded away."""
        return any(field.errors for field in self.more_fields)

    def clean_tags(self):
        return check_tags(self.cleaned_data["tags"])

    def clean_available_until(self):
        day: date | None = self.cleaned_data["available_until"]
        if day and day < timezone.localdate() and "available_until" in self.changed_data:
            raise forms.ValidationError(_("That day has already passed."))
        return day
