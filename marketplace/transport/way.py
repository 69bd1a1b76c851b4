"""Transport as a way to get material, chosen in the same step as the request."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.reservations.ways import Choice, Way, register_way
from marketplace.materials.carrying import least
from marketplace.transport.booking import (
    ask_for_shipment,
    book,
    first_day,
    rounds_for,
    take_off,
)
from marketplace.transport.errors import NoRoomInTime
from marketplace.transport.models import Shipment, Stop

KEY = "transport"


class BringForm(forms.Form):
    """When somebody is there to receive, and where it is left."""

    prefix = KEY

    receives_from = forms.TimeField(
        label=_("We can receive it from"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    receives_until = forms.TimeField(
        label=_("to"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    leave_note = forms.CharField(
        label=_("Where should it be left?"),
        required=False,
        max_length=Shipment._meta.get_field("leave_note").max_length,
        help_text=_(
            "The door, the floor, and a number to call. Only the driver of that day sees it."
        ),
    )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        starts, ends = cleaned.get("receives_from"), cleaned.get("receives_until")
        if starts and ends and ends <= starts:
            self.add_error("receives_until", _("The time must end after it starts."))
        return cleaned


class Transport(Way):
    key = KEY

    def choices(self, *, listing, organisation):
        part = least(
            splittable=listing.splittable,
            smallest_part=listing.smallest_part,
            left=listing.stock.left,
            unit=listing.stock.unit,
        )
        load = listing.load(part)
        by_carrier: dict[int, list] = {}
        for each in rounds_for(giver=listing.organisation, receiver=organisation):
            by_carrier.setdefault(each.carrier_id, []).append(each)
        found = []
        for pk, rounds in by_carrier.items():
            first = first_day(rounds, load)
            if first is None:
                continue
            found.append(
                Choice(
                    f"{KEY}:{pk}",
                    _("Bring it to us with %(carrier)s") % {"carrier": rounds[0].carrier.name},
                    self.note(first, rounds),
                )
            )
        return found

    @staticmethod
    def note(first, rounds):
        """Which days, the next of them, and what the carrier says of itself."""
        days = ", ".join(dict.fromkeys(each.get_weekday_display().lower() for each in rounds))
        said = rounds[0].carrier.note
        values = {"days": days, "next": date_format(first[0], "j F"), "note": said}
        if said:
            return _("Comes on %(days)s, %(note)s. Next time: %(next)s.") % values
        return _("Comes on %(days)s. Next time: %(next)s.") % values

    def form(self, *, listing, organisation, data=None):
        last = (
            Shipment.objects.filter(reservation__organisation=organisation).order_by("-pk").first()
        )
        names = ("receives_from", "receives_until", "leave_note")
        initial = {name: getattr(last, name) for name in names} if last else {}
        return BringForm(data, initial=initial)

    def chosen(self, reservation, details):
        ask_for_shipment(reservation, details)

    def accepted(self, reservation):
        shipment = reservation.shipment
        try:
            book(shipment)
        except NoRoomInTime:
            # The coordinator finds it among those without a day.
            shipment.state = Shipment.State.WAITING
            shipment.save(update_fields=["state"])

    def closed(self, reservation):
        take_off(reservation.shipment)

    def context(self, reservation):
        shipment = Shipment.objects.with_parties().get(reservation=reservation)
        stops = {stop.type: stop for stop in shipment.stops.all()}
        return {
            "template": "marketplace/transport/reservation_transport.html",
            "stage": (shipment.run_id, shipment.state),
            "shipment": shipment,
            "fetch": stops.get(Stop.Type.FETCH),
            "leave": stops.get(Stop.Type.LEAVE),
        }


def register() -> None:
    register_way(Transport())
