from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from inspiration.lessons.curriculum import AgeGroup
from inspiration.lessons.tips.models import LessonTip
from marketplace.ideas.forms import EMAIL, TELEPHONE
from marketplace.materials.fields import CategoryField
from portal.foundation.editing import NoticesOthers

CONTACT = _("Leave out e-mail addresses and telephone numbers. The tip is shown to everybody.")
MATERIALS = ("material_1", "material_2", "material_3")


class TipForm(NoticesOthers, forms.ModelForm):
    """What somebody tells of a lesson: in a few words, for whom, with what."""

    age_groups = forms.MultipleChoiceField(
        label=_("For what age?"), choices=AgeGroup.choices, widget=forms.CheckboxSelectMultiple
    )
    material_1 = CategoryField(label=_("What did you use?"), required=False)
    material_2 = CategoryField(label=_("And more material?"), required=False)
    material_3 = CategoryField(label=_("And still more?"), required=False)
    no_faces = forms.BooleanField(
        label=_("I have checked: no face can be seen in the pictures"), required=False
    )

    class Meta:
        model = LessonTip
        fields = ["title", "text", "age_groups"]
        labels = {"title": _("What is it called?"), "text": _("What did you do?")}
        help_texts = {
            "text": _("And what was good, and what you would do differently. No names of people.")
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}

    field_order = ["title", "text", "age_groups", *MATERIALS, "no_faces"]

    def __init__(self, *args, has_photos=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_photos = has_photos
        if self.instance.pk:
            used = self.instance.categories.all()
            self.initial.update(zip(MATERIALS, (each.pk for each in used), strict=False))

    def clean_title(self):
        return without_contacts(self.cleaned_data["title"])

    def clean_text(self):
        return without_contacts(self.cleaned_data["text"])

    def clean_no_faces(self):
        if self.has_photos and not self.cleaned_data["no_faces"]:
            raise ValidationError(
                _("Look at your pictures once more, and tick this box."), code="required"
            )
        return self.cleaned_data["no_faces"]

    @property
    def materials(self):
        """The categories that were chosen, each once, in order."""
        chosen = (self.cleaned_data.get(name) for name in MATERIALS)
        return [*dict.fromkeys(each for each in chosen if each)]


def without_contacts(text):
    """`text`, if nobody can be reached by what stands in it. Raises `ValidationError`."""
    if EMAIL.search(text) or TELEPHONE.search(text):
        raise ValidationError(CONTACT, code="contact")
    return text
