"""Registering: name and organisation on one page."""

from allauth.core import context
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from marketplace.municipalities.models import Municipality
from marketplace.organisations.fields import OrgNumberField, organisation_search_attrs
from marketplace.organisations.lookup import alike, find_organisation, holder_of
from marketplace.organisations.membership.models import Invitation
from marketplace.organisations.models import Organisation
from marketplace.organisations.registration.models import Registration
from marketplace.organisations.registration.organisation_form import OrganisationForm
from portal.foundation import throttling
from portal.foundation.form_fields import mark_sometimes_required

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
    NEW = ("type", "municipality", "org_number", "sole_trader", "address")

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    organisation = forms.CharField(
        label=_("Where do you work?"),
        max_length=120,
        required=False,
        help_text=_("The name of your company, school or preschool."),
        widget=forms.TextInput(attrs=organisation_search_attrs("organization")),
    )
    # The key of an organisation that was tapped among the suggestions.
    join = forms.IntegerField(required=False, widget=forms.HiddenInput)
    type = forms.ChoiceField(
        label=_("What kind of organisation?"),
        choices=Organisation.Type.choices,
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
    sole_trader = forms.BooleanField(
        label=_("Sole trader without an organisation number"),
        required=False,
        help_text=_("Then your address is needed. Never write a personal identity number."),
    )
    address = forms.CharField(label=_("Visiting address"), max_length=160, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.invitation = invitation_in(context.request)
        self.found = None
        self.new = None
        self.alike = Organisation.objects.none()
        for name in (*self.NEW, "organisation", "join"):
            if self.invitation:
                del self.fields[name]
            elif name not in ("sole_trader", "address", "join"):
                mark_sometimes_required(self.fields[name])
        if not self.initial.get("name"):
            # What a municipality's own sign-in says.
            said = [self.initial.get(part) for part in ("first_name", "last_name")]
            self.initial = {**self.initial, "name": " ".join(filter(None, said))}

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        # allauth saves the person by these names.
        cleaned["first_name"], _space, cleaned["last_name"] = cleaned.get("name", "").partition(" ")
        name = cleaned.get("organisation", "").strip()
        if tapped := cleaned.get("join"):
            self.found = Organisation.objects.approved().filter(pk=tapped).first()
        if name and self.found is None:
            # A chosen type and municipality settle which one is meant, when names coincide.
            place = cleaned.get("municipality") if cleaned.get("type") else None
            self.found = find_organisation(name, municipality=place) or self.same_company(cleaned)
            if self.found is None:
                self.check_new(name, cleaned)
        if self.new and not self.errors:
            self.count_new()
        return cleaned

    def count_new(self):
        """Count that somebody registers an organisation, wherever it is done from."""
        try:
            throttling.consume_by_device("organisation", request=context.request)
        except throttling.TooOften as error:
            self.add_error(None, str(error))

    def same_company(self, cleaned):
        """The company that is here already with the number of the new one, by another name."""
        if cleaned.get("type") != Organisation.Type.COMPANY:
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
                if key != "sole_trader"
            }
            return
        if not cleaned.get("type"):
            self.alike = alike(name)
            self.add_error(
                "organisation",
                _("Did you mean one of these? Tap it, or add a new one below.")
                if self.alike
                else _("It is not here yet. Say a little about it below, and it is added."),
            )
            return
        for field, errors in form.errors.items():
            if field not in self.errors:
                self.add_error(
                    field if field in self.fields else NON_FIELD_ERRORS, [str(e) for e in errors]
                )

    @property
    def new_fields(self):
        return [self[name] for name in self.NEW if name in self.fields]

    @property
    def new_is_open(self):
        """Whether the part about a new organisation has content or errors."""
        return any(field.errors or field.value() for field in self.new_fields) or bool(
            self.is_bound and "organisation" in self.errors
        )

    def signup(self, request, user):
        user.language = request.LANGUAGE_CODE
        user.save(update_fields=["language"])
        if self.invitation:
            Registration.objects.create(user=user, invitation=self.invitation)
        elif self.found or self.new:
            Registration.objects.create(user=user, organisation=self.found, new=self.new or {})
