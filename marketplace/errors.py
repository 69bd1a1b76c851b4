"""What can go wrong in the exchange, each with a sentence that a person can be shown."""

from django.utils.translation import gettext_lazy as _


class ExchangeError(Exception):
    """Something that the rules of the exchange do not allow. `str()` of it is for people."""

    message = _("That is not possible.")

    def __str__(self):
        return str(self.args[0] if self.args else self.message)


class NotEnoughLeft(ExchangeError):
    message = _("There is not that much left.")


class ListingNotAvailable(ExchangeError):
    message = _("This material can no longer be asked for.")


class MustTakeAll(ExchangeError):
    message = _("This material is given away as a whole and cannot be shared.")


class BelowSmallestPart(ExchangeError):
    message = _("That is less than the smallest part that is given away.")


class AlreadyAsked(ExchangeError):
    message = _("You have already asked for this material.")


class NotAReceiver(ExchangeError):
    message = _("Only an approved school, preschool or municipal service can ask for material.")


class WrongState(ExchangeError):
    message = _("Somebody has already answered. Reload the page to see what is true now.")


class LedgerIsAppendOnly(ExchangeError):
    message = _("A handover cannot be changed or removed, only corrected by a new row.")


class AlreadyReversed(ExchangeError):
    message = _("This handover has already been corrected.")


class NoFactor(ExchangeError):
    message = _("The category has no climate factor on that day. An editor must add one.")


class QuantityNotPositive(ExchangeError):
    message = _("The quantity must be more than zero.")


class MoreThanAsked(ExchangeError):
    message = _("You cannot promise more than was asked for.")


class BelowPromised(ExchangeError):
    message = _("You cannot offer less than what is already promised or collected.")


class UnitLocked(ExchangeError):
    message = _("Unit and weight cannot change once something is promised or collected.")


class PickupInThePast(ExchangeError):
    message = _("The pickup time has already passed. Choose a later one.")


class HandoverInTheFuture(ExchangeError):
    message = _("A handover cannot be recorded before it has happened.")


class AlreadyInLine(ExchangeError):
    message = _("You are already in line.")


class AlreadyProlonged(ExchangeError):
    message = _("This has already been prolonged once.")


class AlreadyThanked(ExchangeError):
    message = _("You have already said thank you.")


class CannotMerge(ExchangeError):
    message = _(
        "These two cannot be merged: they are on different sides, have been merged before, or wait "
        "for the same material."
    )


class NothingToRevalue(ExchangeError):
    message = _("No handover of those days has another factor now.")


class AlreadyReverted(ExchangeError):
    message = _("This revaluation has already been reverted.")


class RevertLaterFirst(ExchangeError):
    message = _("There is a later revaluation. Revert that one first.")


class AlreadyAnswered(ExchangeError):
    message = _("This question has been answered, or a newer one has taken its place.")
