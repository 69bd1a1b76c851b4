"""Forms for asking, answering, agreeing on a time and confirming a handover."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.errors import SafetyNotConfirmed
from marketplace.exchange.pickups.fields import OfferedPickups, PickupField
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.more import MoreOfGiver
from marketplace.exchange.reservations.parts import sensible_part
from marketplace.exchange.reservations.way_forms import ChosenWay, WayOption
from marketplace.materials.fields import QuantityField
from marketplace.materials.units import format_quantity
from marketplace.organisations.models import Organisation
from marketplace.safety.presentation import needs_confirmation
from marketplace.threads.forms import MessageForm


class ExchangeForm(forms.Form):
    """A form whose service may refuse with a named error, shown next to the field it is about."""

    error_field: str | None = None

    def add_refusal(self, error):
        self.add_error(self.error_field, str(error))


def choose_receiver(field, organisations, acting):
    """Let `field` choose among `organisations`, silently when there is only one."""
    field.queryset = Organisation.objects.filter(pk__in=[each.pk for each in organisations])
    field.initial = acting if acting in organisations else next(iter(organisations), None)
    if len(organisations) == 1:
        field.widget = forms.HiddenInput()


def needs_any(answers, organisation):
    return any(needs_confirmation(each, organisation) for each in answers)


class SafetyConfirmed(forms.Form):
    """A box that says the verdict has been read, where a preschool asks for what needs it.

    `answers` are those of the listing. Which organisation asks may be chosen in the same form.
    """

    safety_confirmed = forms.BooleanField(
        label=_("I have read this, and we will make sure that it is used safely."), required=False
    )

    def ask_to_confirm(self, answers, organisations, more=()):
        """`more` are the answers of what may be asked for besides, see `answers_asked_for`."""
        self.answers = answers
        asked = [each for each in [answers, *more] if each is not None]
        if not any(needs_any(asked, each) for each in organisations):
            del self.fields["safety_confirmed"]

    def answers_asked_for(self):
        return [self.answers]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        organisation = cleaned.get("organisation")
        if (
            organisation
            and needs_any(self.answers_asked_for(), organisation)
            and not cleaned.get("safety_confirmed")
        ):
            self.add_error("safety_confirmed", str(SafetyNotConfirmed()))
        return cleaned


class ReserveForm(ChosenWay, SafetyConfirmed, MoreOfGiver, OfferedPickups, ExchangeForm):
    """Ask for some of a listing, or all. A sensible part is filled in from the start.

    What its giver has besides may be ticked: it becomes part of the same request.
    """

    error_field = "quantity"

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("For"), empty_label=None
    )
    quantity = QuantityField()
    purpose = forms.CharField(
        label=_("What is it for?"),
        required=False,
        max_length=Reservation._meta.get_field("purpose").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence is enough. Companies like to know what happens to their material."),
    )
    way = forms.ChoiceField(label=_("How does it get to you?"), required=False, widget=WayOption)
    pickup_at = PickupField(
        label=_("When would you like to pick it up?"),
        required=False,
        help_text=_("You can also agree on a time later."),
    )
    can_come = forms.CharField(
        label=_("When can you come?"),
        required=False,
        max_length=Reservation._meta.get_field("can_come").max_length,
        help_text=_("For example, “weekdays after 3 pm, with a trailer”."),
    )
    needed_by = forms.DateField(
        label=_("Needed by"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day, such as 2026-05-21.")},
    )

    def __init__(self, *args, listing, organisations, acting=None, more=(), **kwargs):
        super().__init__(*args, **kwargs)
        choose_receiver(self.fields["organisation"], organisations, acting)
        self.offer_more(more)
        self.ask_to_confirm(listing.answers, organisations, [each.answers for each in more])
        self.offer_pickups(listing.organisation)
        self.offer_ways(listing, organisations, acting)
        self.ask_how_much(listing)

    def ask_how_much(self, listing):
        field, stock = self.fields["quantity"], listing.stock
        field.label = _("How much, in %(unit)s?") % {"unit": stock.get_unit_display()}
        field.initial = sensible_part(listing, stock)
        if not listing.splittable:
            field.help_text = _("It is given away as a whole.")
        elif listing.smallest_part:
            field.help_text = _("The smallest part is %(amount)s.") % {
                "amount": format_quantity(listing.smallest_part, stock.unit)
            }

    def answers_asked_for(self):
        return [self.answers, *(each.answers for each in self.ticked())]

    def add_refusal(self, error):
        if not self.refuse_more(error):
            super().add_refusal(error)

    def parts(self):
        """{listing: how much}, with what is ticked besides."""
        return {self.listing: self.cleaned_data["quantity"], **self.cleaned_data["more"]}

    def wished(self):
        """The rest of what `create_requests` takes."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("quantity", "more")
        }

    def clean_needed_by(self):
        day = self.cleaned_data["needed_by"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("That day has already passed."))
        return day


class AddForm(SafetyConfirmed, MoreOfGiver, ExchangeForm):
    """Add to a reservation what its giver has besides."""

    def __init__(self, *args, organisation, more, chosen=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.offer_more(more)
        self.ask_to_confirm(None, [organisation], [each.answers for each in more])
        if chosen in more:
            self.fields[f"more{chosen.pk}"].initial = True

    def answers_asked_for(self):
        return [each.answers for each in self.ticked()]

    def add_refusal(self, error):
        if not self.refuse_more(error):
            self.add_error(None, str(error))

    def clean(self):
        self.cleaned_data["organisation"] = self.organisation
        cleaned = super().clean()
        if not self.errors and not cleaned["more"]:
            self.add_error(None, _("Tick what you would like to add."))
        return cleaned


class AcceptForm(ExchangeForm):
    """Promise all that is asked for, or less."""

    error_field = "quantity"
    prefix = "accept"

    quantity = QuantityField(label=_("How much are you accepting?"))
    pickup_at = PickupField(
        label=_("Pickup time"),
        required=False,
        help_text=_("Keep the requested time to agree to it, or propose another one."),
    )

    def __init__(self, *args, reservation, **kwargs):
        super().__init__(*args, **kwargs)
        left = reservation.listing.stock.left
        asked = reservation.requested_quantity
        self.fields["quantity"].initial = min(asked, left) if left else asked
        if reservation.pickup_at and reservation.pickup_at > timezone.now():
            self.fields["pickup_at"].initial = reservation.pickup_at

    def clean_pickup_at(self):
        # Keeping the proposed time agrees to it to the second, which the form does not show.
        chosen, wished = self.cleaned_data["pickup_at"], self.fields["pickup_at"].initial
        if chosen and wished and chosen == wished.replace(second=0, microsecond=0):
            return wished
        return chosen


class DeclineForm(ExchangeForm):
    prefix = "decline"

    reason = forms.CharField(
        label=_("A few words on why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example, “It is already taken” or “We use it ourselves after all”."),
    )


class CancelForm(ExchangeForm):
    prefix = "cancel"

    reason = forms.CharField(
        label=_("A few words on why"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PickupForm(OfferedPickups, ExchangeForm):
    error_field = "pickup_at"
    prefix = "pickup"

    pickup_at = PickupField(label=_("Pickup time"))

    def __init__(self, *args, reservation, gives, **kwargs):
        super().__init__(*args, **kwargs)
        if not gives:
            self.offer_pickups(reservation.giver)


class ReservationMessageForm(ExchangeForm, MessageForm):
    prefix = "message"
