"""What can go wrong in the exchange, each with a sentence that a person can be shown."""

from django.utils.translation import gettext_lazy as _

from marketplace.review.errors import ExchangeError


class NotEnoughLeft(ExchangeError):
    message = _("There is not that much left.")


class PlaceMissing(ExchangeError):
    message = _("Say where it is to be collected and who to ask for, so that it can be reserved.")


class ListingNotAvailable(ExchangeError):
    message = _("This material can no longer be reserved.")


class MustTakeAll(ExchangeError):
    message = _("This material is given away as a whole and cannot be shared.")


class BelowSmallestPart(ExchangeError):
    message = _("That is less than the smallest part that is given away.")


class AlreadyAsked(ExchangeError):
    message = _("You have already asked for this material.")


class NotAReceiver(ExchangeError):
    message = _("Only an approved organisation can ask for material.")


class SafetyNotConfirmed(ExchangeError):
    message = _("Read who it is safe for, and tick the box, before you ask for it.")


class QuantityNotPositive(ExchangeError):
    message = _("The quantity must be more than zero.")


class MoreThanAsked(ExchangeError):
    message = _("You cannot accept more than was asked for.")


class BelowPromised(ExchangeError):
    message = _("You cannot offer less than what is already reserved or collected.")


class UnitLocked(ExchangeError):
    message = _("Unit and weight cannot be changed once something has been reserved or collected.")


class PickupInThePast(ExchangeError):
    message = _("The pickup time has already passed. Choose a later one.")


class AlreadyInLine(ExchangeError):
    message = _("You are already on the waiting list.")


class AlreadyProlonged(ExchangeError):
    message = _("This has already been extended once.")


class AlreadyThanked(ExchangeError):
    message = _("You have already said thank you.")
