"""The choice of a way of carrying, as part of the form that asks for material."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.reservations.ways import FETCH, WAYS, way_of
from portal.foundation.form_fields import choice_field, mark_sometimes_required

if TYPE_CHECKING:
    Base = forms.Form
else:
    Base = object


class WayOption(forms.RadioSelect):
    """Radio buttons, each with a line under it that says more."""

    option_template_name = "marketplace/exchange/reservations/way_option.html"


class ChosenWay(Base):
    """For forms with `organisation`: how it gets there, with what that way has to know.

    `way_forms` are the forms of the ways, to be shown under the choice.
    """

    def offer_ways(self, listing, organisations, acting):
        self.listing = listing
        self.choices_of = {
            organisation.pk: [
                choice
                for way in WAYS.values()
                for choice in way.choices(listing=listing, organisation=organisation)
            ]
            for organisation in organisations
        }
        choices = {each.value: each for found in self.choices_of.values() for each in found}
        field = choice_field(self, "way")
        field.choices = [(value, each) for value, each in choices.items()]
        field.initial = FETCH
        # One of them is chosen from the start.
        mark_sometimes_required(field)
        shown = acting if acting in organisations else organisations[0]
        self.way_forms = [
            form
            for key in dict.fromkeys(value.partition(":")[0] for value in choices)
            if (form := self.form_of(key, shown))
        ]
        if len(choices) == 1:
            field.widget = forms.HiddenInput()

    def form_of(self, value, organisation):
        data = self.data if self.is_bound else None
        return way_of(value).form(listing=self.listing, organisation=organisation, data=data)

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        organisation, way = cleaned.get("organisation"), cleaned.get("way") or FETCH
        cleaned["way"] = way
        if organisation is None:
            return cleaned
        if way not in [each.value for each in self.choices_of[organisation.pk]]:
            self.add_error(
                "way", _("%(name)s cannot choose that.") % {"name": organisation.full_name}
            )
        if not way_of(way).they_meet:
            cleaned["pickup_at"] = cleaned["pickup_until"] = None
        if form := self.form_of(way, organisation):
            self.way_forms = [
                form if each.prefix == form.prefix else each for each in self.way_forms
            ]
            if not form.is_valid():
                self.add_error("way", _("Look at what it is about."))
            cleaned["details"] = form.cleaned_data
        return cleaned
