"""Forms that notice that somebody else has saved while they were being filled in."""

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.forms import Field, ModelForm, ValidationError, model_to_dict
from django.utils.choices import flatten_choices
from django.utils.html import format_html
from django.utils.translation import gettext as _

SEEN = "seen"


if TYPE_CHECKING:
    Base = ModelForm
else:
    Base = object


class NoticesOthers(Base):
    """A mixin for a `ModelForm`: what was shown is compared with what is there when it is sent.

    The page renders `{{ form.seen }}` inside its form. The first time that the two differ the form
    is shown again, with both texts; sent once more, one's own is saved. Nothing is compared where
    a request carries no `seen`.
    """

    def current_version(self) -> models.Model:
        """The thing as it is stored now, locked when the request is one transaction."""
        rows = type(self.instance)._base_manager.all()
        if connection.in_atomic_block:
            rows = rows.select_for_update(of=("self",))
        found = rows.get(pk=self.instance.pk)
        # What was written last, which may be ahead of what is online.
        latest = getattr(found, "get_latest_revision_as_object", None)
        return latest() if latest else found

    def stored_values(self) -> dict[str, Any]:
        return model_to_dict(self.current_version(), self._meta.fields)

    @property
    def seen(self) -> str:
        """The hidden input that says which version the form was made of."""
        if self.instance.pk is None:
            return ""
        return format_html(
            '<input type="hidden" name="{}" value="{}">', SEEN, digest(self.stored_values())
        )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        seen = self.data.get(SEEN)
        if self.instance.pk and seen:
            stored = self.stored_values()
            if seen != digest(stored):
                raise ValidationError(self.both(stored, cleaned), code="saved_meanwhile")
        return cleaned

    def both(self, stored: dict[str, Any], mine: dict[str, Any]) -> list[str]:
        """What to say: that somebody saved, and what is there now where it differs from ours."""
        told = [
            _(
                "Somebody else saved this while you were writing. Your text is below, and nothing "
                "is lost. Send it again to keep yours."
            )
        ]
        for name, value in stored.items():
            if name in mine and as_text(value) != as_text(mine[name]):
                field = self.fields[name]
                values = {"field": field.label, "value": as_shown(field, value)}
                told.append(_("%(field)s, as it was saved: %(value)s") % values)
        return told


def as_shown(field: Field, value: Any) -> str:
    """A stored value in the words of the form."""
    choices = dict(flatten_choices(getattr(field, "choices", ())))
    return str(choices.get(value, as_text(value)))


def as_text(value: Any) -> str:
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | models.QuerySet):
        return ", ".join(sorted(map(str, value)))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def digest(values: dict[str, Any]) -> str:
    """A short text that differs when the values do."""
    told = repr(sorted((name, as_text(value)) for name, value in values.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:32]
