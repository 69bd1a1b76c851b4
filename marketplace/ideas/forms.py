import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.ideas.models import Idea
from portal.foundation.form_fields import choice_field

# Each part ends at the next @, so that a text full of them is read once.
EMAIL = re.compile(r"[^\s@]@[^\s@]+\.\w")
# Beginning with 0 or +, and at least seven digits: not "0,5 meter", and not "2026-03-05".
TELEPHONE = re.compile(r"(?<![\w,.-])(?:\+|0)\d(?:[\s/-]?\d){5,}")
CONTACT = _("Leave out e-mail addresses and telephone numbers. Your teacher can be reached anyway.")

ONLY_FIRST_NAME = _("Only a first name or the class, such as Alva or 4B. No surnames.")
BETWEEN_NAMES = re.compile(r"\s*(?:,|&|\+|/|\s(?:och|and|med|with)\s)\s*", re.I)
WORD = re.compile(r"[^\W_]+(?:[-’':][^\W_]+)*\.?")
# What the name of a class or a group may begin with, so that more words may follow.
GROUP_WORDS = {
    *("klass", "klassen", "åk", "årskurs", "grupp", "gruppen", "avdelning", "avdelningen"),
    *("förskola", "förskolan", "förskoleklass", "fritids", "elever", "eleverna", "barnen"),
    *("class", "grade", "year", "group", "preschool", "pupils", "children"),
}


def is_first_name_or_class(text):
    """Whether each of the names in `text` is one word, or the name of a class or group."""
    for name in BETWEEN_NAMES.split(text):
        words = name.split()
        if not words or not all(WORD.fullmatch(word) for word in words):
            return False
        if words[0].lower() in GROUP_WORDS:
            continue
        if len([word for word in words if not any(letter.isdigit() for letter in word)]) > 1:
            return False
    return True


def without_contacts(text):
    """`text`, if nobody can be reached by what stands in it. Raises `ValidationError`."""
    if EMAIL.search(text) or TELEPHONE.search(text):
        raise ValidationError(CONTACT, code="contact")
    return text


class IdeaForm(forms.ModelForm):
    """What a pupil, or a class together, sends through the teacher's link."""

    no_faces = forms.BooleanField(
        label=_("I have checked: no face can be seen in the pictures"), required=False
    )

    class Meta:
        model = Idea
        fields = ["type", "title", "text", "age_group", "signed"]
        labels = {
            "type": _("What would you like to tell us about?"),
            "title": _("What is it called?"),
            "text": _("Tell us about it"),
            "age_group": _("How old are you?"),
            "signed": _("Your first name or your class"),
        }
        widgets = {
            "type": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 6}),
            "signed": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, *args, has_photos=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_photos = has_photos
        choice_field(self, "type").choices = Idea.Type.choices
        choice_field(self, "age_group").choices = [("", _("Choose")), *Idea.AgeGroup.choices]

    def clean_title(self):
        return without_contacts(self.cleaned_data["title"])

    def clean_text(self):
        return without_contacts(self.cleaned_data["text"])

    def clean_signed(self):
        signed = without_contacts(self.cleaned_data["signed"].strip())
        if not is_first_name_or_class(signed):
            raise ValidationError(ONLY_FIRST_NAME, code="surname")
        return signed

    def clean_no_faces(self):
        if self.has_photos and not self.cleaned_data["no_faces"]:
            raise ValidationError(
                _("Look at your pictures once more, and tick this box."), code="required"
            )
        return self.cleaned_data["no_faces"]
