from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.forms.fields import CategoryField, QuantityField, check_tags
from marketplace.models import MaterialListing, Unit, WantedAd


class WantedAdForm(forms.ModelForm):
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
            "title": _("Such as “Large cardboard boxes for building huts”."),
            "wanted_until": _("The ad is taken down after this day. Leave it empty for no end."),
            "tags": _("Separate them with commas."),
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "wanted_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = Unit.choices

    def clean_wanted_until(self):
        day = self.cleaned_data["wanted_until"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("That day has already passed."))
        return day

    def clean_tags(self):
        return check_tags(self.cleaned_data["tags"])


class WantedAnswerForm(forms.Form):
    """A company's answer: words, one of its own listings, or both."""

    listing = forms.ModelChoiceField(
        label=_("One of your listings"),
        queryset=MaterialListing.objects.none(),
        required=False,
        empty_label=_("None, I only write"),
    )
    text = forms.CharField(
        label=_("Message to the school"),
        help_text=_("The school sees your e-mail address, so that it can reply."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["listing"].queryset = MaterialListing.objects.available().of_organisation(
            organisation
        )

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("text") and not cleaned.get("listing"):
            self.add_error("text", _("Write a message or choose a listing."))
        return cleaned
