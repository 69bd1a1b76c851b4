"""What is written at a hub: what comes in, a new shelf, a new card, and what is taken."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from marketplace.hubs.models import HubCard, Movement, Shelf
from marketplace.materials.fields import CategoryField, QuantityField
from marketplace.organisations.models import Organisation
from portal.foundation.collation import by_name
from portal.foundation.form_fields import model_choice_field


class TakeInForm(forms.Form):
    """A box on the scale: how heavy, on which shelf, from whom."""

    mass_kg = QuantityField(label=_("How many kilos?"))
    shelf = forms.ModelChoiceField(
        label=_("Which shelf?"),
        queryset=Shelf.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    origin = forms.ModelChoiceField(
        label=_("From whom?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Not known"),
        help_text=_("Then the kilos are counted as theirs when somebody takes them."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, hub, arrival=None, **kwargs):
        """`arrival` is what has been announced: then it is known from whom, and about how much."""
        super().__init__(*args, **kwargs)
        model_choice_field(self, "shelf").queryset = hub.shelves.all()
        if arrival:
            del self.fields["origin"]
            self.initial = {
                "mass_kg": arrival.mass_kg,
                "shelf": hub.shelves.filter(category=arrival.listing.category)
                .values_list("pk", flat=True)
                .first(),
            }
            return
        near = Organisation.objects.approved().filter(merged_into=None)
        near = near.in_municipalities([hub.municipality]).exclude(pk=hub.organisation_id)
        model_choice_field(self, "origin").queryset = near.order_by(by_name())


class CountForm(forms.Form):
    """What has been counted on a shelf, and why it is not what the portal said."""

    counted_kg = QuantityField(label=_("How many kilos are there?"), zero=True)
    reason = forms.CharField(
        label=_("Why is it another number?"),
        max_length=Movement._meta.get_field("reason").max_length,
        required=False,
        help_text=_("For example, “thrown away, wet” or “taken without a tap”."),
    )
    expected_kg = forms.DecimalField(widget=forms.HiddenInput, decimal_places=3)

    def clean(self):
        super().clean()
        values = self.cleaned_data
        counted, expected = values.get("counted_kg"), values.get("expected_kg")
        differs = None not in (counted, expected) and counted != expected
        if differs and not values.get("reason"):
            self.add_error("reason", _("Say briefly why: this makes kilos disappear or appear."))
        return values


class ShelfForm(forms.ModelForm):
    """A new shelf: what is on it, and what the three portions of it weigh."""

    category = CategoryField(label=_("Kind of material"))
    handful_kg = QuantityField(label=_("A handful weighs, in kg"))
    bag_kg = QuantityField(label=_("A bag weighs, in kg"))
    box_kg = QuantityField(label=_("A box weighs, in kg"))

    class Meta:
        model = Shelf
        fields = ["name", "category", "handful_kg", "bag_kg", "box_kg"]
        labels = {"name": _("Name of the shelf")}
        help_texts = {"name": _("As it should read on its label, such as “Shelf 3, wood”.")}

    field_order = ["name", "category", "handful_kg", "bag_kg", "box_kg"]

    def __init__(self, *args, hub, **kwargs):
        super().__init__(*args, **kwargs)
        self.hub = hub

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.hub.shelves.filter(name=name).exists():
            raise forms.ValidationError(_("There is a shelf with that name already."))
        return name

    def clean(self):
        super().clean()
        sizes = [self.cleaned_data.get(name) for name in ("handful_kg", "bag_kg", "box_kg")]
        known = [size for size in sizes if size]
        if len(known) == len(sizes) and known != sorted(known):
            self.add_error(
                "box_kg", _("A box weighs more than a bag, and a bag more than a handful.")
            )
        for name in ("handful_kg", "bag_kg", "box_kg"):
            value = self.cleaned_data.get(name)
            if value is not None and value < Decimal("0.001"):
                self.add_error(name, _("The weight must be more than zero."))
        return self.cleaned_data


class CardForm(forms.ModelForm):
    """A new card of one's unit."""

    class Meta:
        model = HubCard
        fields = ["name"]
        labels = {"name": _("Who has it?")}
        help_texts = {"name": _("For example, “Staff room” or “Ekorren”.")}


class TakeForm(forms.Form):
    """A tap at a shelf: how much, and the key that lets it count once."""

    size = forms.ChoiceField(choices=Shelf.Size.choices)
    key = forms.UUIDField()
    at = forms.CharField(required=False)

    def clean_at(self):
        """When it was tapped, where the phone had no connection then; or None."""
        try:
            at = parse_datetime(self.cleaned_data["at"])
        except ValueError:
            return None
        return timezone.make_aware(at) if at and timezone.is_naive(at) else at
