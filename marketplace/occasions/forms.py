"""How many come, and from which organisation."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.organisations.models import Organisation
from portal.foundation.form_fields import model_choice_field


class BookingForm(forms.Form):
    """Places at `occasion` for one of `organisations`, those that the person may book for."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Who comes?"), queryset=Organisation.objects.none(), empty_label=None
    )
    people = forms.IntegerField(label=gettext_lazy("How many of you are coming?"), min_value=1)

    def __init__(self, *args, occasion, organisations, acting=None, **kwargs):
        super().__init__(*args, **kwargs)
        people = self.fields["people"]
        people.initial = 1
        people.widget.attrs |= {"max": occasion.most_per_booking, "inputmode": "numeric"}
        people.help_text = _("At most %(count)d from each organisation.") % {
            "count": occasion.most_per_booking
        }
        own = model_choice_field(self, "organisation")
        own.queryset = Organisation.objects.filter(pk__in=[each.pk for each in organisations])
        own.initial = acting if acting in organisations else organisations[0]
        if len(organisations) == 1:
            own.widget = forms.HiddenInput()
            own.initial = organisations[0].pk
