"""Form fields that people fill in their own way."""

import re
from decimal import Decimal

from django import forms
from django.conf import settings
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from marketplace.models import MaterialCategory
from marketplace.models.units import KG_PER_MASS_UNIT
from marketplace.validators import tidy_org_number, validate_org_number
from portal.collation import swedish_order

MAX_TAG_LENGTH = 50


class OrgNumberField(forms.CharField):
    """A Swedish organisation number, written with or without dash, spaces and century.

    Cleans to 556012-5790, or "".
    """

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Organisation number"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        # A company has to give it.
        self.sometimes_required = True
        super().__init__(max_length=20, required=False, validators=[validate_org_number], **kwargs)

    def to_python(self, value):
        return tidy_org_number(super().to_python(value))


class QuantityField(forms.DecimalField):
    """An amount above zero, written as 1,5 or 1.5 or 1 200, in any language of the site.

    Cleans to a `Decimal` with at most `decimal_places` decimals.
    """

    default_error_messages = {
        "invalid": _("Write a number, such as 3 or 1,5."),
        "min_value": _("Write a number that is more than zero."),
        "max_value": _("That is more than the portal can count. Check the number."),
        "max_decimal_places": _("Write at most %(max)s decimals."),
    }

    def __init__(self, *, max_value=Decimal(1_000_000), decimal_places=3, **kwargs):
        # A text field with a number keyboard: type=number would refuse the comma in some browsers.
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(
            min_value=Decimal(1).scaleb(-decimal_places),
            max_value=max_value,
            decimal_places=decimal_places,
            **kwargs,
        )

    def to_python(self, value):
        if isinstance(value, str):
            # Spaces group thousands; a comma is a decimal sign, as Swedes write it.
            value = re.sub(r"\s", "", value).replace(",", ".")
            if value.count(".") > 1:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

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
        groups = {pk: [] for pk, parent in parents.items() if parent is None}
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


class StockFields:
    """What forms that say how much there is have in common.

    The form has the fields `quantity`, `unit`, `kg_per_unit` and `smallest_part`. After
    `is_valid`, `stock_values()` is what `services.set_stock` takes.
    """

    def clean(self):
        cleaned = super().clean()
        unit = cleaned.get("unit")
        if unit in KG_PER_MASS_UNIT:
            # Kilograms and grams say their own weight.
            cleaned["kg_per_unit"] = Decimal(KG_PER_MASS_UNIT[unit])
        elif unit and not cleaned.get("kg_per_unit") and "kg_per_unit" not in self.errors:
            self.add_error("kg_per_unit", _("Guess what one weighs. About right is good enough."))
        smallest, quantity = cleaned.get("smallest_part"), cleaned.get("quantity")
        if smallest and quantity and smallest > quantity:
            self.add_error("smallest_part", _("That is more than there is."))
        return cleaned

    def stock_values(self):
        return {
            "offered": self.cleaned_data["quantity"],
            "unit": self.cleaned_data["unit"],
            "kg_per_unit": self.cleaned_data["kg_per_unit"],
        }
