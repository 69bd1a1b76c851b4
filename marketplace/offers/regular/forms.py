from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.materials.fields import QuantityField


class SameAgainForm(forms.Form):
    """How much there is this time of leftovers that keep coming."""

    quantity = QuantityField(
        label=_("How much is there now?"),
        help_text=_("In addition to what you have already accepted."),
    )
