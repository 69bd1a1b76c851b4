from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.listings.models import MaterialListing
from marketplace.materials.fields import CategoryField, QuantityField, check_tags
from marketplace.materials.units import Unit
from marketplace.wanted.models import WantedAd
from portal.foundation.editing import NoticesOthers
from portal.foundation.form_fields import choice_field, model_choice_field


class WantedAdForm(NoticesOthers, forms.ModelForm):
    """What a school writes when it looks for something."""

    quantity = QuantityField(label=_("About how much"), required=False)
    category = CategoryField(label=_("Kind of material"))

    class Meta:
        model = WantedAd
        fields = ["title", "category", "quantity", "unit", "description", "wanted_until", "tags"]
        labels = {
            "title": _("What are you looking for?"),
            "description": _("What do you need it for?"),
            "unit": _("Unit"),
            "wanted_until": _("Until when?"),
            "tags": _("Words that describe it"),
        }
        help_texts = {
            "title": _("For example, “Large cardboard boxes for building huts”."),
            "wanted_until": _("The ad is taken down after this day. Leave it empty for no end."),
            "tags": _("Separate them with commas."),
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "wanted_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choice_field(self, "unit").choices = Unit.choices

    def clean_wanted_until(self):
        day = self.cleaned_data["wanted_until"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("That day has already passed."))
        return day

    def clean_tags(self):
        return check_tags(self.cleaned_data["tags"])


class WantedAnswerForm(forms.Form):
    """An answer to `asker`: words, one of the answering organisation's listings, or both."""

    listing = forms.ModelChoiceField(
        label=_("One of your listings"),
        queryset=MaterialListing.objects.none(),
        required=False,
        empty_label=_("None, I am only writing"),
    )
    text = forms.CharField(
        label=_("Message to the school"),
        help_text=_("The school sees your e-mail address, so that it can reply."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, organisation, asker, **kwargs):
        super().__init__(*args, **kwargs)
        own = MaterialListing.objects.available_to_some().of_organisation(organisation)
        if organisation.municipality_id != asker.municipality_id or not asker.is_municipal:
            own = own.open_to_all()
        model_choice_field(self, "listing").queryset = own

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if not cleaned.get("text") and not cleaned.get("listing"):
            self.add_error("text", _("Write a message or choose a listing."))
        return cleaned
