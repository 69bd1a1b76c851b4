"""The form of a place."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.organisations.fields import PostcodeField
from marketplace.organisations.places.models import Place
from marketplace.organisations.places.services import may_keep_more


class PlaceForm(forms.ModelForm):
    """Where material is fetched, when and from whom."""

    postcode = PostcodeField()

    class Meta:
        model = Place
        fields = [
            "address",
            "postcode",
            "town",
            "hours",
            "contact_name",
            "contact_phone",
            "contact_email",
            "loading_dock",
            "lift",
            "access",
        ]

    # What a browser may fill in by itself (WCAG 1.3.5).
    AUTOCOMPLETE: ClassVar[dict[str, str]] = {
        "address": "address-line1",
        "postcode": "postal-code",
        "town": "address-level2",
        "contact_name": "name",
        "contact_phone": "tel",
        "contact_email": "email",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, kind in self.AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = kind
        self.fields["contact_name"].required = True
        self.fields["town"].required = True

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if not self.instance.pk and not may_keep_more(self.instance.organisation):
            self.add_error(
                None,
                _("There are %(most)d places already. Remove one that is no longer used first.")
                % {"most": Place.MOST},
            )
        if not cleaned.get("contact_phone") and not cleaned.get("contact_email"):
            self.add_error("contact_phone", _("Write a telephone number or an e-mail address."))
        return cleaned
