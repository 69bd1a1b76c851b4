"""Registering: e-mail, name and organisation on one page (allauth adds the e-mail address)."""

from allauth.core import context
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.forms.fields import OrgNumberField
from marketplace.forms.organisations import (
    OrganisationForm,
    did_you_mean,
    find_organisation,
    holder_of,
)
from marketplace.models import Invitation, Municipality, Organisation, Registration
from portal.models import TermsAcceptance, TermsVersion

INVITATION_KEY = "invitation"


def invitation_in(request):
    """The open invitation whose link was followed in this browser, or None."""
    token = request.session.get(INVITATION_KEY) if request else None
    return (
        Invitation.objects.open().select_related("organisation").filter(token=token).first()
        if token
        else None
    )


class SignupForm(forms.Form):
    """Who somebody is and where they work: found by name or number, or else new.

    Nothing of it reaches the organisation before the e-mail address has been confirmed.
    """

    # Asked for when the organisation is not here yet.
    NEW = ("kind", "municipality", "org_number", "website")

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    organisation = forms.CharField(
        label=_("Your company, school or preschool"),
        max_length=120,
        required=False,
        help_text=_("Its name or number."),
        widget=forms.TextInput(
            attrs={
                "list": "organisations",
                "autocomplete": "organization",
                "hx-get": reverse_lazy("marketplace:find_organisation"),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#organisations",
            }
        ),
    )
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Organisation.Kind.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Municipality.objects.all(),
        empty_label=_("Choose a municipality"),
        required=False,
    )
    org_number = OrgNumberField(help_text=_("For companies: ten digits, such as 556012-5790."))
    website = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")
    accepts_terms = forms.BooleanField(
        label=_("I accept the terms of use"),
        help_text=format_lazy(
            '<a href="{}" target="_blank">{}</a>',
            reverse_lazy("terms"),
            _("Read the terms (opens in a new window)"),
        ),
        error_messages={"required": _("Read the terms of use and tick the box.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.invitation = invitation_in(context.request)
        self.found = None
        self.new = None
        for name in (*self.NEW, "organisation"):
            if self.invitation:
                del self.fields[name]
            elif name != "website":
                self.fields[name].sometimes_required = True
        if self.invitation and not self.initial.get("email"):
            self.initial = {**self.initial, "email": self.invitation.email}

    def clean(self):
        cleaned = super().clean()
        name = cleaned.get("organisation", "").strip()
        if name:
            # Who has said what it is means one there, whatever is called the same elsewhere.
            place = cleaned.get("municipality") if cleaned.get("kind") else None
            self.found = find_organisation(name, municipality=place) or self.same_company(cleaned)
            if self.found is None:
                self.check_new(name, cleaned)
        return cleaned

    def same_company(self, cleaned):
        """The company that is here already with the number of the new one, by another name."""
        if cleaned.get("kind") != Organisation.Kind.COMPANY:
            return None
        holder = holder_of(cleaned.get("org_number"))
        refused = holder and holder.approval == Organisation.Approval.REJECTED
        return None if refused else holder

    def check_new(self, name, cleaned):
        form = OrganisationForm({"name": name, **{each: self.data.get(each) for each in self.NEW}})
        if form.is_valid():
            self.new = {
                key: value.pk if isinstance(value, Municipality) else value
                for key, value in form.cleaned_data.items()
            }
            return
        if not cleaned.get("kind"):
            self.add_error(
                "organisation",
                did_you_mean(name)
                or _("It is not here yet. Say a little about it below, and you register it."),
            )
            return
        for field, errors in form.errors.items():
            if field not in self.errors:
                self.add_error(
                    field if field in self.fields else NON_FIELD_ERRORS, [str(e) for e in errors]
                )

    @property
    def person_fields(self):
        shown = {*self.NEW, "organisation", "accepts_terms"}
        return [field for field in self if field.name not in shown]

    @property
    def new_fields(self):
        return [self[name] for name in self.NEW if name in self.fields]

    @property
    def new_is_open(self):
        """Whether the part about a new organisation has something in it or to mend."""
        return any(field.errors or field.value() for field in self.new_fields) or bool(
            self.is_bound and "organisation" in self.errors
        )

    def signup(self, request, user):
        user.first_name = self.cleaned_data["first_name"]
        user.last_name = self.cleaned_data["last_name"]
        user.language = request.LANGUAGE_CODE
        user.save(update_fields=["first_name", "last_name", "language"])
        if terms := TermsVersion.objects.current():
            TermsAcceptance.objects.create(user=user, terms=terms)
        if self.invitation:
            Registration.objects.create(user=user, invitation=self.invitation)
        elif self.found or self.new:
            Registration.objects.create(user=user, organisation=self.found, new=self.new or {})
