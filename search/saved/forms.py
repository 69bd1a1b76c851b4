from django import forms
from django.utils.translation import gettext_lazy as _

from search.saved.models import SavedSearch


class SavedSearchForm(forms.ModelForm):
    """What a saved search is called, and how often it mails."""

    class Meta:
        model = SavedSearch
        fields = ["name", "frequency"]
        labels = {"name": _("Name"), "frequency": _("Mail about what is new")}


class FrequencyForm(forms.ModelForm):
    """How often a saved search mails; reached from its mail."""

    class Meta:
        model = SavedSearch
        fields = ["frequency"]
        labels = {"frequency": _("Mail about what is new")}
        widgets = {"frequency": forms.RadioSelect}
