"""The form of a decision in the queue, and the filters above it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.desk.queue.items import Answer, QueueKind
from marketplace.desk.queue.services import kinds_for
from marketplace.municipalities.models import Municipality
from marketplace.review.errors import WordsMissing
from marketplace.roles.permissions import municipalities_for
from portal.foundation.form_fields import choice_field, model_choice_field

MOST_CHARACTERS = 1000


class DecisionForm(forms.Form):
    """An answer, with sentences chosen among the prepared ones, and words of one's own."""

    answer = forms.ChoiceField(choices=Answer.choices, widget=forms.HiddenInput)
    prepared = forms.MultipleChoiceField(
        label=gettext_lazy("Prepared sentences"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The sender reads it. Needed to ask for changes and to refuse."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, kinds: list[QueueKind], **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        sentences = {
            str(number): sentence
            for number, sentence in enumerate(
                dict.fromkeys(sentence for kind in kinds for sentence in kind.prepared)
            )
        }
        self.sentences = sentences
        choice_field(self, "prepared").choices = list(sentences.items())
        if not sentences:
            del self.fields["prepared"]

    @property
    def words(self) -> str:
        """What the sender reads: the chosen sentences, then the words of one's own."""
        chosen = [str(self.sentences[key]) for key in self.cleaned_data.get("prepared", [])]
        return "\n".join(filter(None, [*chosen, self.cleaned_data["text"]]))

    def clean(self):
        super().clean()
        answer = self.cleaned_data.get("answer")
        if not answer or "text" not in self.cleaned_data:
            return self.cleaned_data
        needed = any(answer in kind.needs_words for kind in self.kinds)
        if needed and not self.words.strip():
            self.add_error("text", str(WordsMissing()))
        return self.cleaned_data


class FilterForm(forms.Form):
    """Which of what waits is shown. The kinds are links beside it, with their numbers."""

    kommun = forms.ModelChoiceField(
        label=gettext_lazy("Municipality"),
        required=False,
        queryset=Municipality.objects.none(),
        to_field_name="slug",
    )
    sent = forms.BooleanField(label=gettext_lazy("Late only"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        own = municipalities_for(user)
        rows = Municipality.objects.all() if own is None else own
        field = model_choice_field(self, "kommun")
        field.queryset = rows
        field.empty_label = _("All")
        self.names = {kind.name for kind in kinds_for(user)}

    def chosen(self) -> dict:
        """{"kind", "place", "late"}: what was chosen, and nothing where it makes no sense."""
        valid = self.is_valid()
        place = self.cleaned_data.get("kommun") if valid else None
        kind = self.data.get("typ", "")
        return {
            "kind": kind if kind in self.names else "",
            "place": place.pk if place else None,
            "late": bool(valid and self.cleaned_data.get("sent")),
        }
