"""Errors of merging organisations."""

from django.utils.translation import gettext_lazy as _

from marketplace.review.errors import ExchangeError


class CannotMerge(ExchangeError):
    message = _(
        "These two cannot be merged: they are on different sides, have been merged before, or wait "
        "for the same material."
    )
