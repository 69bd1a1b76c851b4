from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.listing_questions.models import ListingQuestion

LONGEST = {
    field.name: field.max_length
    for field in ListingQuestion._meta.fields
    if field.name in ("text", "answer")
}


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("What would you like to know?"),
        max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "The giver sees your name. If it concerns everybody, question and answer may be "
            "shown on the listing, without your name."
        ),
    )


class ShownForm(forms.Form):
    is_shown = forms.BooleanField(
        label=_("Show question and answer on the listing"),
        required=False,
        help_text=_("Everybody reads them. The name of who asked is not shown."),
    )


class AnswerForm(ShownForm):
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST["answer"],
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    field_order = ("answer", "is_shown")
