"""Forms of a joint request: a field for each of its reservations."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.exchange.handovers.forms import HandoverForm
from marketplace.exchange.pickups.fields import PickupField
from marketplace.exchange.reservations.forms import ExchangeForm
from marketplace.materials.fields import QuantityField
from marketplace.materials.units import format_quantity


class AmountOrNothing(QuantityField):
    """An amount; empty or 0 for nothing."""

    def to_python(self, value):
        return super().to_python(value) or None


class RowsForm(ExchangeForm):
    """An amount for each of `rows`; a refusal is shown beside the one that it is about."""

    def add_rows(self, rows):
        self.rows = rows
        for row in rows:
            self.fields[f"row{row.pk}"] = AmountOrNothing(
                label=row.listing.title, required=False, initial=self.initial_of(row)
            )
            self.fields[f"row{row.pk}"].help_text = self.help_of(row)

    def initial_of(self, row):
        return row.quantity

    def help_of(self, row):
        raise NotImplementedError

    def row_fields(self):
        """[(reservation, its field)]."""
        return [(row, self[f"row{row.pk}"]) for row in self.rows]

    def amounts(self) -> dict[int, Decimal | None]:
        return {row.pk: self.cleaned_data.get(f"row{row.pk}") for row in self.rows}

    def add_refusal(self, error):
        about = [f"row{row.pk}" for row in self.rows if row.listing == error.listing]
        self.add_error(about[0] if about else None, str(error))


class AnswerForm(RowsForm):
    """How much of each is promised, one pickup time, and a word on what is not."""

    prefix = "answer"

    pickup_at = PickupField(
        label=gettext_lazy("Pickup time"),
        required=False,
        help_text=gettext_lazy("Keep the requested time to agree to it, or propose another one."),
    )
    reason = forms.CharField(
        label=gettext_lazy("A few words on why you are not giving all of it"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_rows(rows)
        if rows[0].pickup_at and rows[0].pickup_at > timezone.now():
            self.fields["pickup_at"].initial = rows[0].pickup_at

    def initial_of(self, row):
        return min(row.requested_quantity, row.listing.stock.left) or None

    def help_of(self, row):
        unit = row.listing.stock.unit
        return _("Asked for %(amount)s. You have %(left)s left. Leave it empty for a no.") % {
            "amount": format_quantity(row.requested_quantity, unit),
            "left": format_quantity(row.listing.stock.left, unit),
        }

    def clean_pickup_at(self):
        # Keeping the proposed time agrees to it to the second, which the form does not show.
        chosen, wished = self.cleaned_data["pickup_at"], self.fields["pickup_at"].initial
        if chosen and wished and chosen == wished.replace(second=0, microsecond=0):
            return wished
        return chosen

    def clean(self):
        super().clean()
        nothing = [row for row in self.rows if f"row{row.pk}" not in self.errors]
        if any(not self.amounts()[row.pk] for row in nothing) and not self.cleaned_data.get(
            "reason"
        ):
            self.add_error("reason", _("Write a few words to those who asked."))
        return self.cleaned_data

    def values(self):
        return {
            "answers": self.amounts(),
            "pickup_at": self.cleaned_data["pickup_at"],
            "reason": self.cleaned_data["reason"],
        }


class JointHandoverForm(RowsForm):
    """What was collected of each; one answer and one day for all."""

    prefix = "handover"

    early = HandoverForm.base_fields["early"]
    would_have_bought = HandoverForm.base_fields["would_have_bought"]
    on = HandoverForm.base_fields["on"]

    clean_would_have_bought = HandoverForm.clean_would_have_bought
    clean_on = HandoverForm.clean_on

    def __init__(self, *args, rows, gives, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_rows(rows)
        if not any(row.is_before_agreed_day for row in rows):
            del self.fields["early"]
        if gives:
            self.fields["would_have_bought"].label = _("Would they otherwise have bought this?")
        self.fields["on"].initial = timezone.localdate()

    def help_of(self, row):
        return _("%(amount)s were agreed. Leave it empty if it was not collected.") % {
            "amount": format_quantity(row.quantity, row.listing.stock.unit)
        }

    @property
    def has_wrong_details(self):
        return any(name == "on" or name.startswith("row") for name in self.errors)

    def values(self):
        cleaned = self.cleaned_data
        collected = {pk: amount for pk, amount in self.amounts().items() if amount}
        kept = {
            name: cleaned[name] for name in ("early", "would_have_bought", "on") if name in cleaned
        }
        return {"collected": collected, **kept}
