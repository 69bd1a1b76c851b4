"""Choosing a period: this year, a term, or from one day to another."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

from django import forms
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.handovers.models import Handover
from marketplace.impact.figures.periods import Period
from portal.foundation.form_fields import choice_field

Span: TypeAlias = tuple[date, date]


def ledger_span() -> Span:
    """The first and the last day of a handover; today where there is none."""
    today = timezone.localdate()
    found = Handover.objects.aggregate(first=Min("handed_over_on"), last=Max("handed_over_on"))
    return found["first"] or today, found["last"] or today


class PeriodForm(forms.Form):
    """Offer every year and term since the first handover.

    `chosen` is always a period: when the form is empty or invalid, the year of the latest handover.
    """

    EVER, CUSTOM = "alla", "egen"

    period = forms.ChoiceField(label=_("Period"), required=False)
    fran = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    till = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, span: Span | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        today = timezone.localdate()
        first, last = span or ledger_span()
        self.first = min(first, today)
        self.default = Period.year(last.year)
        self.named = named_periods(self.first, today)
        choice_field(self, "period").choices = [
            *((key, str(period)) for key, period in self.named.items()),
            (self.EVER, _("All the time")),
            (self.CUSTOM, _("Days of my choice")),
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        start, end = cleaned.get("fran"), cleaned.get("till")
        if cleaned.get("period") == self.CUSTOM and not self.errors:
            if not start:
                self.add_error("fran", _("Choose the first day."))
            if not end:
                self.add_error("till", _("Choose the last day."))
            if start and end and end < start:
                self.add_error("till", _("The last day cannot be before the first day."))
            if start and start.year < 2000:
                self.add_error("fran", _("Choose a day after 1999."))
            if end and end.year > timezone.localdate().year + 1:
                self.add_error("till", _("That day is too far ahead."))
        return cleaned

    @property
    def chosen(self) -> Period:
        if not self.is_bound or not self.is_valid():
            return self.default
        key = self.cleaned_data["period"]
        if key == self.CUSTOM:
            return Period(self.cleaned_data["fran"], self.cleaned_data["till"])
        if key == self.EVER:
            return Period.ever()
        return self.named.get(key, self.default)


def named_periods(first: date, today: date) -> dict[str, Period]:
    """Return {URL parameter: Period}, newest first."""
    periods = {}
    for year in range(today.year, first.year - 1, -1):
        periods[str(year)] = Period.year(year)
        if year < today.year or today.month > 6:
            periods[f"ht{year}"] = Period.autumn(year)
        periods[f"vt{year}"] = Period.spring(year)
    return periods
