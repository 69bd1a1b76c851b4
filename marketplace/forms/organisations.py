from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.models import Membership, Municipality, Organisation


class OrganisationForm(forms.ModelForm):
    """A new organisation, or the details of one's own."""

    class Meta:
        model = Organisation
        fields = [
            "kind",
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
            "kind": forms.RadioSelect,
            "org_number": forms.TextInput(attrs={"inputmode": "numeric"}),
            "school_unit_code": forms.TextInput(attrs={"inputmode": "numeric"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Organisation.Kind.choices
        self.fields["municipality"].queryset = Municipality.objects.all()
        self.fields["municipality"].empty_label = _("Choose a municipality")
        if self.instance.pk:
            # What the approval was based upon is changed by the coordinator only.
            for name in ("kind", "org_number", "school_unit_code", "municipality"):
                del self.fields[name]

    def clean_org_number(self):
        digits = self.cleaned_data["org_number"].replace("-", "").replace(" ", "")
        return f"{digits[:6]}-{digits[6:]}" if digits else ""

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        missing = not cleaned.get("org_number") and "org_number" not in self.errors
        if kind == Organisation.Kind.COMPANY and missing:
            self.add_error("org_number", _("A company is approved by its number. Write it here."))
        return cleaned


class JoinForm(forms.Form):
    """An organisation that is here already, found by its name or number."""

    organisation = forms.CharField(
        label=_("Name or number of your organisation"),
        max_length=120,
        widget=forms.TextInput(
            attrs={
                "list": "organisations",
                "autocomplete": "off",
                "hx-get": reverse_lazy("marketplace:find_organisation"),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#organisations",
            }
        ),
    )

    def clean_organisation(self):
        match = find_organisation(self.cleaned_data["organisation"])
        if match is None:
            raise forms.ValidationError(
                _("There is no organisation with that name or number. Register it below.")
            )
        return match


class InvitationForm(forms.Form):
    """Whom to invite to one's organisation, and as what."""

    email = forms.EmailField(label=_("Your colleague's e-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("As"), choices=Membership.Role.choices, initial=Membership.Role.MEMBER
    )


def find_organisation(text):
    """The organisation that takes part, or waits to, with this name or number; or None."""
    text = text.strip()
    found = Organisation.objects.exclude(approval=Organisation.Approval.REJECTED)
    return (
        found.filter(name__iexact=text).first()
        or found.filter(school_unit_code=text).exclude(school_unit_code="").first()
        or found.filter(org_number=_with_dash(text)).exclude(org_number="").first()
    )


def _with_dash(text):
    digits = text.replace("-", "").replace(" ", "")
    return f"{digits[:6]}-{digits[6:]}"
