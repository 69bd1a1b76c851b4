"""The form for a new organisation, or the details of an existing one."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from marketplace.municipalities.models import Municipality
from marketplace.organisations.fields import (
    OrgNumberField,
    PostcodeField,
    SchoolUnitCodeField,
)
from marketplace.organisations.lookup import holder_of
from marketplace.organisations.models import Organisation
from marketplace.roles.permissions import can_judge_organisations, coordinated_by
from portal.foundation.form_fields import choice_field, model_choice_field


class OrganisationForm(forms.ModelForm):
    """A new organisation, or the details of one's own."""

    org_number = OrgNumberField(help_text=_("For companies: ten digits, such as 556012-5790."))
    sole_trader = forms.BooleanField(
        label=_("Sole trader without an organisation number"),
        required=False,
        help_text=_("Then your address is needed. Never write a personal identity number."),
    )
    school_unit_code = SchoolUnitCodeField(
        help_text=_("Eight digits, from the Swedish National Agency for Education.")
    )
    postcode = PostcodeField()

    class Meta:
        model = Organisation
        fields = [
            "type",
            "name",
            "org_number",
            "school_unit_code",
            "municipality",
            "address",
            "postcode",
            "town",
            "website",
            "contact_phone",
        ]
        widgets = {
            "type": forms.RadioSelect,
        }

    # What a browser may fill in by itself (WCAG 1.3.5).
    AUTOCOMPLETE: ClassVar[dict[str, str]] = {
        "name": "organization",
        "address": "address-line1",
        "postcode": "postal-code",
        "town": "address-level2",
        "contact_phone": "tel",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, purpose in self.AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = purpose
        self.fields["postcode"].widget.attrs["inputmode"] = "numeric"
        choice_field(self, "type").choices = Organisation.Type.choices
        model_choice_field(self, "municipality").queryset = Municipality.objects.all()
        model_choice_field(self, "municipality").empty_label = _("Choose a municipality")
        if self.instance.pk:
            # What the approval was based upon is changed by the coordinator only.
            for name in ("type", "org_number", "sole_trader", "school_unit_code", "municipality"):
                del self.fields[name]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if "type" not in cleaned or "org_number" not in cleaned:
            return cleaned
        is_company = cleaned["type"] == Organisation.Type.COMPANY
        if is_company and cleaned.get("sole_trader"):
            return self.without_number(cleaned)
        holder = holder_of(cleaned["org_number"])
        if is_company and not cleaned["org_number"]:
            self.add_error(
                "org_number", _("A company is approved by its organisation number. Write it here.")
            )
        elif is_company and holder:
            refused = holder.approval == Organisation.Approval.REJECTED
            self.add_error(
                "org_number",
                _("The company with this number was not approved. Write to us if it seems wrong.")
                if refused
                else _("A company with this number is already here. Join it instead."),
            )
        elif holder:
            # A municipality's number, which all its schools share: it tells nobody apart.
            cleaned["org_number"] = ""
        return cleaned

    def without_number(self, cleaned):
        """A firm whose number would be a person's is known by its name and address instead."""
        cleaned["org_number"] = ""
        if not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", _("Write the street address of the firm."))
        return cleaned


class OrganisationAdminForm(WagtailAdminModelForm):
    """An organisation in the admin: a coordinator helps with contacts, and judges nothing.

    A coordinator who adds one says what it is, in a municipality of their own.
    """

    # What the approval was based upon.
    IDENTITY = ("type", "municipality", "org_number", "school_unit_code")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if can_judge_organisations(self.for_user):
            return
        if "municipality" in self.fields:
            model_choice_field(self, "municipality").queryset = coordinated_by(self.for_user)
        closed = ("trusted", *self.IDENTITY) if self.instance.pk else ("trusted",)
        for name in closed:
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("An editor can change this.")

    def clean_type(self):
        chosen = self.cleaned_data["type"]
        before = Organisation.objects.filter(pk=self.instance.pk).first()
        gives = Organisation.Type.COMPANY
        if before and (before.type == gives) != (chosen == gives) and before.has_history():
            raise forms.ValidationError(
                _("It has given or received material already, and cannot change sides.")
            )
        return chosen
