"""Errors of the ledger."""

from django.utils.translation import gettext_lazy as _

from marketplace.review.errors import ExchangeError


class LedgerIsAppendOnly(ExchangeError):
    message = _("A handover cannot be changed or removed, only corrected by a new row.")


class AlreadyReversed(ExchangeError):
    message = _("This handover has already been corrected.")


class NoFactor(ExchangeError):
    message = _("The category has no climate factor on that day. An editor must add one.")


class BeforeTheAgreedDay(ExchangeError):
    message = _("The agreed day has not come yet. Confirm that it has already been collected.")


class HandoverInTheFuture(ExchangeError):
    message = _("A handover cannot be recorded before it has happened.")
