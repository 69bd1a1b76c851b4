"""What can go wrong when places are booked, each with a sentence that a person can be shown."""

from django.utils.translation import gettext_lazy as _

from marketplace.review.errors import ExchangeError


class BookingClosed(ExchangeError):
    message = _("It can no longer be booked.")


class AlreadyBooked(ExchangeError):
    message = _("You have booked already.")


class TooManyPlaces(ExchangeError):
    message = _("That is more places than one organisation can book.")


class NotApproved(ExchangeError):
    message = _("Only an approved organisation can book.")
