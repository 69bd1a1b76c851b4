"""What can go wrong at a hub, each with a sentence that a person can be shown."""

from django.utils.translation import gettext_lazy as _

from marketplace.review.errors import ExchangeError


class HubClosed(ExchangeError):
    message = _("The hub is closed.")


class ShelfEmpty(ExchangeError):
    message = _(
        "The shelf is empty as far as the portal knows. Tell the people who look after the hub."
    )


class CountedMeanwhile(ExchangeError):
    message = _("Somebody has taken or put back something since you counted. Count once more.")


class CardNotValid(ExchangeError):
    message = _("This card is no longer valid. Ask your unit for a new one.")


class TooLateToUndo(ExchangeError):
    message = _("It is too late to undo. Tell the people who look after the hub.")
