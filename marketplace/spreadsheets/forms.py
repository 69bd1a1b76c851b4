from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.spreadsheets.models import SpreadsheetUpload
from portal.foundation.form_fields import choice_field
from portal.foundation.spreadsheets.headings import ColumnSet, heading_key

ENCODINGS = {
    "cp1252": _("Windows"),
    "mac_roman": _("Older Mac"),
    "cp850": _("MS-DOS"),
}


class EncodingForm(forms.Form):
    """In which of the readings of a text are the letters right?"""

    encoding = forms.ChoiceField(
        label=_("Which line looks right?"),
        widget=forms.RadioSelect,
        help_text=_("The file does not say how its letters are written."),
    )

    def __init__(self, data=None, *, upload: SpreadsheetUpload):
        super().__init__(data)
        samples = upload.question.get("encodings", {})
        choice_field(self, "encoding").choices = [
            (name, f"{sample} ({ENCODINGS.get(name, name)})") for name, sample in samples.items()
        ]

    def answers(self):
        return {"encoding": self.cleaned_data["encoding"], "columns": {}}


class ColumnsForm(forms.Form):
    """What each heading of a file stands for."""

    def __init__(self, data=None, *, upload: SpreadsheetUpload, columns: ColumnSet):
        super().__init__(data)
        self.columns = columns
        choices = [("", _("Is not used")), *columns.labels.items()]
        taken = upload.heading.get("columns", {})
        for place, text in enumerate(upload.heading.get("all", [])):
            self.fields[f"column{place}"] = forms.ChoiceField(
                label=text,
                choices=choices,
                required=False,
                initial=taken.get(heading_key(text), ""),
            )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        chosen = [name for name in cleaned.values() if name]
        labels = self.columns.labels
        for key, name in cleaned.items():
            if name and chosen.count(name) > 1:
                self.add_error(
                    key, _("“%(column)s” can be chosen once.") % {"column": labels[name]}
                )
        missing = [str(labels[name]) for name in self.columns.required if name not in chosen]
        if missing:
            self.add_error(
                None, _("Choose a column for: %(names)s.") % {"names": ", ".join(missing)}
            )
        return cleaned

    def answers(self):
        """The choices that differ from what the portal would have taken a heading for."""
        known = self.columns.names_by_key()
        answered = {}
        for key, name in self.cleaned_data.items():
            heading = str(self.fields[key].label)
            if name != known.get(heading_key(heading), "") or name != self.fields[key].initial:
                answered[heading] = name
        return {"encoding": "", "columns": answered}


def answer_form(data, *, upload: SpreadsheetUpload, columns: ColumnSet):
    """The form for what a file leaves open, or None when its columns are not known."""
    if upload.question.get("encodings"):
        return EncodingForm(data, upload=upload)
    return ColumnsForm(data, upload=upload, columns=columns) if upload.has_columns else None
