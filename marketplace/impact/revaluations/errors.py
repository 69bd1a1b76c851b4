"""Errors of recomputing handovers with other climate factors."""

from django.utils.translation import gettext_lazy as _

from marketplace.review.errors import ExchangeError


class NothingToRevalue(ExchangeError):
    message = _("No handover of those days has another factor now.")


class AlreadyReverted(ExchangeError):
    message = _("This revaluation has already been reverted.")


class RevertLaterFirst(ExchangeError):
    message = _("There is a later revaluation. Revert that one first.")
