from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.models import Idea


class IdeaForm(forms.ModelForm):
    """What a pupil, or a class together, sends through the teacher's link."""

    no_faces = forms.BooleanField(
        label=_("Nobody's face can be seen in the pictures"),
        error_messages={"required": _("Look at your pictures once more, and tick this box.")},
    )

    class Meta:
        model = Idea
        fields = ["kind", "title", "text", "age_group", "signed"]
        labels = {
            "kind": _("What have you got?"),
            "title": _("What is it called?"),
            "text": _("Tell us about it"),
            "age_group": _("How old are you?"),
            "signed": _("Your first name or your class"),
        }
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Idea.Kind.choices

    def clean_signed(self):
        signed = self.cleaned_data["signed"].strip()
        if len(signed.split()) > 2 or "@" in signed:
            raise forms.ValidationError(_("Only a first name or the class, such as Alva or 4B."))
        return signed


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Write"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
