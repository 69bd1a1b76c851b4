"""The fields of a form, typed as what they are declared to be, and one of our own."""

from typing import Any, cast

from django import forms


class TickBoxes(forms.MultipleChoiceField):
    """Boxes to tick for what is kept as a list of codes; none has to be."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """Return the field `name` of `form`, which is a choice."""
    return cast(forms.ChoiceField, form.fields[name])


def model_choice_field(form: forms.BaseForm, name: str) -> forms.ModelChoiceField:
    """Return the field `name` of `form`, which chooses among rows."""
    return cast(forms.ModelChoiceField, form.fields[name])


def mark_sometimes_required(field: forms.Field) -> None:
    """Let the page leave out "optional": whether `field` may be empty depends on other fields."""
    field.sometimes_required = True  # type: ignore[attr-defined]  # ours, read by form_field.html
