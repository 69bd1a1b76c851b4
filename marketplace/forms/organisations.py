from django import forms
from django.urls import reverse_lazy
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from marketplace.forms.fields import OrgNumberField
from marketplace.models import Membership, Municipality, Organisation
from marketplace.validators import tidy_org_number

# How much has to be written to ask what was meant, and how many names are asked about.
SHORTEST, MOST_ALIKE = 3, 4


class OrganisationForm(forms.ModelForm):
    """A new organisation, or the details of one's own."""

    org_number = OrgNumberField(help_text=_("For companies: ten digits, such as 556012-5790."))

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

    def clean(self):
        cleaned = super().clean()
        if "kind" not in cleaned or "org_number" not in cleaned:
            return cleaned
        is_company = cleaned["kind"] == Organisation.Kind.COMPANY
        holder = holder_of(cleaned["org_number"])
        if is_company and not cleaned["org_number"]:
            self.add_error("org_number", _("A company is approved by its number. Write it here."))
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
        text = self.cleaned_data["organisation"]
        match = find_organisation(text)
        if match is None:
            raise forms.ValidationError(
                did_you_mean(text)
                or _("There is no organisation with that name or number. Register it below.")
            )
        return match


class InvitationForm(forms.Form):
    """Whom to invite to one's organisation, and as what."""

    email = forms.EmailField(label=_("Your colleague's e-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("As"), choices=Membership.Role.choices, initial=Membership.Role.MEMBER
    )


def find_organisation(text, *, municipality=None):
    """The organisation that takes part, or waits to, with this name or number; or None.

    Where several municipalities have one of that name, `municipality` says which, or the text
    itself, as `full_name` writes it.
    """
    text = text.strip()
    found = Organisation.objects.exclude(approval=Organisation.Approval.REJECTED)
    named = found.filter(name__iexact=text).order_by("approval", "pk")
    if municipality:
        named = named.filter(municipality=municipality)
    if len({each.municipality_id for each in named}) == 1:
        return named[0]
    name, _comma, place = text.rpartition(",")
    return (
        found.filter(name__iexact=name.strip(), municipality__name__iexact=place.strip())
        .order_by("approval", "pk")
        .first()
        or found.filter(school_unit_code=text).exclude(school_unit_code="").first()
        or found.filter(org_number=tidy_org_number(text)).exclude(org_number="").first()
    )


def full_name(organisation):
    """A name that tells an organisation from those of other municipalities."""
    return f"{organisation.name}, {organisation.municipality.name}"


def did_you_mean(text):
    """A question with the names that `text` is a part of, or "" when there are none."""
    text = text.strip()
    if len(text) < SHORTEST:
        return ""
    alike = Organisation.objects.approved().filter(name__icontains=text)
    names = [
        _("“%(name)s”") % {"name": full_name(each)}
        for each in alike.select_related("municipality")[:MOST_ALIKE]
    ]
    if not names:
        return ""
    return _("Do you mean %(names)s? Write it like that, or register a new one below.") % {
        "names": get_text_list(names)
    }


def holder_of(number):
    """The organisation that has an organisation number today, approved or not; or None."""
    found = Organisation.objects.select_related("merged_into").filter(org_number=number)
    holder = found.exclude(org_number="").first()
    return holder and (holder.merged_into or holder)
