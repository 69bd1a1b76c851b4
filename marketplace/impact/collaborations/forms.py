"""The form for recording a study visit, a project or another collaboration."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.impact.collaborations.models import Collaboration
from marketplace.organisations.models import Organisation
from portal.foundation.collation import by_name
from portal.foundation.form_fields import choice_field, model_choice_field
from portal.foundation.users.models import User


class CollaborationForm(forms.ModelForm):
    """Record a collaboration of `organisation` with an organisation on the other side."""

    other: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("With whom?"), queryset=None, empty_label=_("Choose an organisation")
    )

    class Meta:
        model = Collaboration
        fields = ["type", "started_on", "ended_on", "note"]
        labels = {
            "type": _("What kind of collaboration?"),
            "started_on": _("When did it start?"),
            "ended_on": _("When did it end?"),
            "note": _("What do you do together?"),
        }
        help_texts = {
            "ended_on": _("Leave it empty while it goes on."),
            "note": _("Read by your coordinator, not published."),
        }
        widgets = {
            "started_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ended_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 4}),
        }

    field_order = ["other", "type", "started_on", "ended_on", "note"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        self.organisation = organisation
        super().__init__(*args, **kwargs)
        found = Organisation.objects.approved().exclude(pk=organisation.pk)
        found = found.municipal() if organisation.is_company else found.companies()
        model_choice_field(self, "other").queryset = found.order_by(by_name())
        choice_field(self, "type").choices = [
            ("", _("Choose a kind")),
            *Collaboration.Type.choices,
        ]

    def clean_started_on(self) -> date:
        day = self.cleaned_data["started_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Record it when it has started."))
        return day

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        start, end = cleaned.get("started_on"), cleaned.get("ended_on")
        if start and end and end < start:
            self.add_error("ended_on", _("The last day cannot be before the first day."))
        return cleaned

    def record(self, *, by: User) -> Collaboration:
        collaboration = self.save(commit=False)
        sides = [self.organisation, self.cleaned_data["other"]]
        company, partner = sides if self.organisation.is_company else reversed(sides)
        collaboration.company = company
        collaboration.partner = partner
        collaboration.recorded_by = by
        collaboration.save()
        return collaboration
