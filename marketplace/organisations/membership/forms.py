"""Forms for joining an organisation and inviting colleagues."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.organisations.fields import organisation_search_attrs
from marketplace.organisations.lookup import alike, find_organisation
from marketplace.organisations.models import Membership, Organisation


class JoinForm(forms.Form):
    """An organisation that is here already, found by its name or number, or tapped."""

    organisation = forms.CharField(
        label=_("Name or number of your organisation"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=organisation_search_attrs()),
    )
    join = forms.IntegerField(required=False)
    alike = Organisation.objects.none()

    def clean(self):
        super().clean()
        text = self.cleaned_data.get("organisation", "")
        tapped = Organisation.objects.approved().filter(pk=self.cleaned_data.get("join") or 0)
        match = tapped.first() or find_organisation(text)
        if match is None:
            self.alike = alike(text)
            raise forms.ValidationError(
                {
                    "organisation": _("Did you mean one of these? Tap it, or add a new one below.")
                    if self.alike
                    else _("There is no organisation with that name or number. Add it below.")
                }
            )
        return {"organisation": match}


class InvitationForm(forms.Form):
    """Whom to invite to one's organisation, and as what."""

    email = forms.EmailField(label=_("Your colleague's e-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("As"), choices=Membership.Role.choices, initial=Membership.Role.MEMBER
    )
