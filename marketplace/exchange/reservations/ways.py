"""How material gets from giver to receiver, chosen together with the request.

Fetching it oneself is always possible. Rooms above register further ways: each says what it can do
for a listing and an organisation, asks what it needs to know in a form of its own, and hears when
the request is made, accepted and over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.reservations.models import FETCH, Reservation
from marketplace.listings.models import MaterialListing
from marketplace.organisations.models import Organisation
from portal.foundation.text_types import StrOrPromise


@dataclass(frozen=True)
class Choice:
    """One thing to choose. `value` begins with the key of its way, such as "hub:12"."""

    value: str
    label: StrOrPromise
    note: StrOrPromise = ""

    def __str__(self):
        return str(self.label)


class Way:
    """A way to carry. `key` is unique; the methods that say so run inside the transaction."""

    key: str
    # Whether giver and receiver meet: only then they agree on a time of pickup.
    they_meet = False

    def choices(self, *, listing: MaterialListing, organisation: Organisation) -> list[Choice]:
        """What can be chosen, or nothing."""
        raise NotImplementedError

    def form(
        self, *, listing: MaterialListing, organisation: Organisation, data: Any = None
    ) -> forms.Form | None:
        """What has to be known besides, or None. Has a prefix of its own."""
        return None

    def chosen(self, reservation: Reservation, details: Mapping[str, Any]) -> None:
        """The request has been made. May refuse it with an `ExchangeError`. In the transaction."""

    def accepted(self, reservation: Reservation) -> None:
        """The giver has said yes. In the transaction."""

    def closed(self, reservation: Reservation) -> None:
        """It is over: called off, or handed over. In the transaction."""

    def context(self, reservation: Reservation) -> dict[str, Any]:
        """What the page of the reservation shows of it, with `template`; empty for nothing.

        Several that are asked for together are shown once while their `stage` is the same.
        """
        return {}


class Fetch(Way):
    key = FETCH
    they_meet = True

    def choices(self, *, listing, organisation):
        return [Choice(FETCH, _("We will collect it"))]


class Delivery(Way):
    """The giver brings it, where they have said that they can. The day is agreed in the thread."""

    key = "delivery"

    def choices(self, *, listing, organisation):
        if not listing.delivery_offered:
            return []
        label = _("%(company)s brings it to us") % {"company": listing.organisation.name}
        return [Choice(self.key, label, _("You agree on a day together once they have said yes."))]

    def context(self, reservation):
        return {
            "template": "marketplace/exchange/reservations/reservation_delivery.html",
            "reservation": reservation,
        }


WAYS: dict[str, Way] = {FETCH: Fetch(), Delivery.key: Delivery()}


def register_way(way: Way) -> None:
    WAYS[way.key] = way


def way_of(value: str) -> Way:
    """The way of a choice. What nobody offers any more counts as fetched."""
    return WAYS.get(value.partition(":")[0], WAYS[FETCH])
