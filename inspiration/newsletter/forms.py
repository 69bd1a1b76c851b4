"""Asking for the newsletter, changing what was chosen, and sending it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inspiration.newsletter.models import Subscriber
from marketplace.municipalities.models import Municipality
from portal.foundation.form_fields import mark_sometimes_required, model_choice_field

# What a subscriber agrees to. It is kept with each address, in the language that it was read in.
CONSENT = _(
    "Yes, send me the newsletter by mail, a few times per term. You keep my address and my choices "
    "for that only, and I can end it at any time by a link in every newsletter."
)


class SubscriptionForm(forms.ModelForm):
    """What somebody who gets the newsletter may change."""

    class Meta:
        model = Subscriber
        fields = ["municipality", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = model_choice_field(self, "municipality")
        field.queryset = Municipality.objects.all()
        field.empty_label = _("The whole region")
        field.required = False
        # "The whole region" is a choice too, not a missing one.
        mark_sometimes_required(field)
        field.help_text = _("What is given away here comes first.")


class SignUpForm(SubscriptionForm):
    """Asking for it: the address, what it is to be about, and a yes."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        label=CONSENT, error_messages={"required": _("Tick the box if you want the newsletter.")}
    )
    # People do not see this field; programs that fill in everything give themselves away.
    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    field_order = ["email", "municipality", "language", "consent", "website"]

    @property
    def is_from_a_program(self):
        return bool(self.data.get("website"))


class SendForm(forms.Form):
    """The second thought before an issue goes to all."""

    sure = forms.BooleanField(
        label=_("I have read the test. What has been sent cannot be called back."),
        error_messages={"required": _("Send yourself a test, read it, and tick the box.")},
    )
