"""Form fields that people fill in their own way, and the check of the tags that they type."""

from decimal import Decimal

from django import forms
from django.conf import settings
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from marketplace.materials.models import MaterialCategory
from portal.foundation.collation import swedish_order
from portal.foundation.written import NotUnderstood, TwoMeanings, parse_decimal

MAX_TAG_LENGTH = 50


class QuantityField(forms.DecimalField):
    """An amount above zero, written as 1,5 or 1.5 or 1 200, in any language of the site.

    With `zero`, nothing is an amount as well.

    Cleans to a `Decimal` with at most `decimal_places` decimals. What may mean two things, such as
    1.200, is asked about. A number that was computed in a spreadsheet is rounded.
    """

    default_error_messages = {
        "invalid": _("Write a number, such as 3 or 1,5."),
        "min_value": _("Write a number that is more than zero."),
        "max_value": _("That is more than the portal can count. Check the number."),
        "max_decimal_places": _("Write at most %(max)s decimals."),
        "two_meanings": _("%(text)s may be %(one)s or %(other)s. Write one of them."),
    }

    def __init__(self, *, max_value=Decimal(1_000_000), decimal_places=3, zero=False, **kwargs):
        # A text field with a number keyboard: type=number would refuse the comma in some browsers.
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(
            min_value=Decimal(0) if zero else Decimal(1).scaleb(-decimal_places),
            max_value=max_value,
            decimal_places=decimal_places,
            **kwargs,
        )

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            number = parse_decimal(value)
        except TwoMeanings as two:
            one, other = two.readings
            raise forms.ValidationError(
                self.error_messages["two_meanings"],
                code="two_meanings",
                params={"text": value, "one": one, "other": other},
            ) from two
        except NotUnderstood as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        return round(number, self.decimal_places) if isinstance(value, float) else number

    def prepare_value(self, value):
        if isinstance(value, Decimal):
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".").replace(".", ",") if "." in text else text
        return value


class CategoriesByGroup(ModelChoiceIterator):
    """The tree as grouped choices in the reader's language; the group itself comes first in it."""

    def __iter__(self):
        yield ("", self.field.empty_label)
        names = MaterialCategory.objects.names()
        parents = dict(self.queryset.values_list("pk", "parent_id"))
        groups: dict[int, list[tuple[int, str]]] = {
            pk: [] for pk, parent in parents.items() if parent is None
        }
        for pk in sorted(parents, key=lambda pk: swedish_order(names[pk])):
            root = pk
            while parents[root]:
                root = parents[root]
            groups[root].append((pk, names[pk]))
        for root in sorted(groups, key=lambda pk: swedish_order(names[pk])):
            groups[root].sort(key=lambda choice: choice[0] != root)
            yield names[root], groups[root]


class CategoryField(forms.ModelChoiceField):
    """A kind of material, whichever of the tree is nearest."""

    iterator = CategoriesByGroup

    def __init__(self, **kwargs):
        # The rows of `source()`, which would ask the database while forms are being defined.
        rows = MaterialCategory.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
        super().__init__(queryset=rows, empty_label=_("Choose the nearest one"), **kwargs)


def check_tags(tags):
    """`tags`, as many as somebody may have. Raises `ValidationError` when one is no word."""
    if any(len(tag) > MAX_TAG_LENGTH for tag in tags):
        raise forms.ValidationError(_("A word can have at most 50 letters."))
    return tags[: settings.TAG_LIMIT]
