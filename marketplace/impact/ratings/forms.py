from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.impact.ratings.models import Rating


class RatingForm(forms.ModelForm):
    """Ask one question, with an optional comment."""

    score = forms.TypedChoiceField(
        label=_("How did it go?"),
        choices=[(score.value, score.label) for score in reversed(Rating.Score)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )

    class Meta:
        model = Rating
        fields = ["score", "text"]
        widgets = {"text": forms.Textarea({"rows": 2})}
