from datetime import date
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.forms.fields import CategoryField, QuantityField, StockFields, check_tags
from marketplace.models import MaterialListing, Unit


class OfferForm(StockFields, forms.ModelForm):
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
    smallest_part = QuantityField(
        label=_("Smallest part"),
        required=False,
        help_text=_("The least that somebody may take, in the same unit. Empty means one."),
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
            "small_parts",
            "sharp_edges",
            "treated",
            "suitable_from_age",
            "safety_note",
            "colours",
            "dimensions",
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
            "description": _("Tell a little more"),
            "pickup_address": _("Where is it fetched?"),
            "pickup_hours": _("When can it be fetched?"),
            "available_until": _("Last day"),
            "available_from": _("First day"),
            "delivery_offered": _("We can deliver it"),
            "splittable": _("Several may share it"),
            "small_parts": _("Has small parts"),
            "sharp_edges": _("Has sharp edges"),
            "treated": _("Is painted or treated"),
            "suitable_from_age": _("Suitable from age"),
            "tags": _("Words that describe it"),
            "recurrence": _("Do you get this left over often?"),
            "reference": _("Your own reference"),
            "storage_place": _("Where it is stored"),
        }
        help_texts = {
            "title": _("Such as “Off-cuts of pine” or “Cardboard tubes, 1 metre”."),
            "description": _("Material, measures, how it is packed, what to think of."),
            "tags": _("Separate them with commas, such as wood, building, craft."),
            "pickup_address": _("Shown only to those whom you have promised some."),
            "reference": _("Only your colleagues see it."),
            "storage_place": _("Your colleagues see it, and those whom you have promised some."),
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "available_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "available_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "suitable_from_age": forms.NumberInput(attrs={"inputmode": "numeric"}),
        }

    # How the page groups the fields; what is not here is under "More".
    MAIN = ("title", "category", "condition", "description")
    AMOUNT = ("quantity", "unit", "kg_per_unit")
    PLACE = ("pickup_address", "pickup_postcode", "pickup_town", "pickup_hours", "available_until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Kilograms and grams say their own weight; for everything else it is asked for.
        self.fields["kg_per_unit"].sometimes_required = True
        stock = getattr(self.instance, "stock", None) if self.instance.pk else None
        if stock:
            self.fields["quantity"].initial = stock.offered
            self.fields["unit"].initial = stock.unit
            self.fields["kg_per_unit"].initial = stock.kg_per_unit

    def group(self, names):
        return [self[name] for name in names]

    @property
    def main_fields(self):
        return self.group(self.MAIN)

    @property
    def amount_fields(self):
        return self.group(self.AMOUNT)

    @property
    def place_fields(self):
        return self.group(self.PLACE)

    @property
    def more_fields(self):
        shown = {*self.MAIN, *self.AMOUNT, *self.PLACE}
        return [field for field in self if field.name not in shown]

    @property
    def more_is_open(self):
        """Whether "More" has something to mend, so that no error hides behind a fold."""
        return any(field.errors for field in self.more_fields)

    def clean_tags(self):
        return check_tags(self.cleaned_data["tags"])

    def clean_available_until(self):
        day: date | None = self.cleaned_data["available_until"]
        if day and day < timezone.localdate() and "available_until" in self.changed_data:
            raise forms.ValidationError(_("That day has already passed."))
        return day
