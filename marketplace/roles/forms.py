"""Forms of the page with people and their roles."""

from django import forms
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.municipalities.models import Municipality
from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinated_by
from portal.foundation.form_fields import choice_field, model_choice_field

ROLE_HTML = "<span><strong>{}</strong>: {}</span>"


class MunicipalitiesField(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            queryset=Municipality.objects.all(),
            label=_("Municipalities"),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("For coordinators only: the municipalities that they answer for."),
            **kwargs,
        )


class GiveRoleForm(forms.Form):
    """Whom to give which role. Somebody who has no account is invited by mail."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    municipalities = MunicipalitiesField(required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        roles = list(Role) if by.is_superuser else [Role.COORDINATOR]
        choice_field(self, "role").choices = [
            (role.value, format_html(ROLE_HTML, role.label, role.description)) for role in roles
        ]
        if len(roles) == 1:
            self.fields["role"].initial = roles[0].value
        own = coordinated_by(by)
        model_choice_field(self, "municipalities").queryset = own
        if len(roles) == 1 and own.count() == 1:
            self.fields["municipalities"].initial = own

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        role = cleaned.get("role")
        if role and Role(role).is_municipal and not cleaned.get("municipalities"):
            self.add_error("municipalities", _("Choose the municipalities to coordinate."))
        if role and not Role(role).is_municipal:
            cleaned["municipalities"] = []
        return cleaned


class MunicipalitiesForm(forms.Form):
    """The municipalities that a coordinator answers for from now on."""

    municipalities = MunicipalitiesField()

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        model_choice_field(self, "municipalities").queryset = coordinated_by(by)


class ResetFactorsForm(forms.Form):
    """How one knows that it is this person who asks to have the second factor taken away."""

    class Checked(models.TextChoices):
        MET = "met", _("We met")
        CALLED = "called", _("I called back on a number that we know")
        COLLEAGUE = "colleague", _("A colleague or manager of theirs vouches for it")

    checked = forms.ChoiceField(
        label=_("How do you know that it really is this person asking?"),
        choices=Checked.choices,
        widget=forms.RadioSelect,
    )


class LeaveForm(forms.Form):
    """Who takes over what waits for somebody who leaves."""

    successor = forms.ModelChoiceField(
        label=_("Who takes over"),
        queryset=get_user_model().objects.none(),
        required=False,
        empty_label=_("Nobody: what waits stays with the others in the same role"),
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        model_choice_field(self, "successor").queryset = colleagues
