"""The form that takes a list of schools."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.municipalities.models import Municipality
from portal.foundation.form_fields import model_choice_field


class SchoolListForm(forms.Form):
    """A file with schools and preschools, and where they are if the file does not say."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "The municipality's skoldata (CSV), or Skolverket's register of school units (XLSX, "
            "CSV or JSON)."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json"}),
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=_("Municipality"),
        required=False,
        help_text=_("For those that the file gives none for."),
    )

    def __init__(self, *args, municipalities, **kwargs):
        super().__init__(*args, **kwargs)
        choice = model_choice_field(self, "municipality")
        choice.queryset = municipalities
        if len(municipalities) == 1:
            choice.initial = municipalities[0]
