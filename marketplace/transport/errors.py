"""What can go wrong when something is to be brought."""

from django.utils.translation import gettext_lazy as _

from marketplace.review.errors import ExchangeError, WrongState


class TooMuchToCarry(ExchangeError):
    message = _("That is more than the vehicle can take. Ask for less, or collect it yourselves.")


class NoRoomInTime(ExchangeError):
    message = _(
        "No round in the coming weeks has room for it. Collect it yourselves, or ask for less."
    )


class DoesNotFit(ExchangeError):
    message = _("That order does not work: a time or the vehicle's room would not be kept.")


class PlanIsLocked(ExchangeError):
    message = _("The plan is locked: people have been told when to expect the vehicle.")


class NotPlanned(ExchangeError):
    message = _("Make a plan first.")


class NotFetchedYet(WrongState):
    message = _("It has not been fetched yet.")


class LinkIsOver(ExchangeError):
    message = _("The link no longer works.")


class NotYetToday(ExchangeError):
    message = _("This is the list of another day.")
